import type { Failure } from '../../../services/failure.js';
import type { EndpointBudget } from '../../../services/limits/rate-budget.js';
import { type Clock, wallOffsetOf } from '../../binding/clock.js';
import type { JobQueuePlace } from '../../job/source/job-view.js';
import type { QueueRank } from '../../store/record/job-record.js';
import type { DeskEvent } from './desk-events.js';
import type { CapacityOptions } from './job-capacity.js';
import { isOnServer, isPlaceHeld, openDesk, placeDesk, placesOf, waitingTurns } from './place-desk.js';
import { placeInQueue } from './place-in-queue.js';

/** A job that is queued. */
export interface Waiting extends QueueRank {
  readonly jobId: string;
}

/** Lets jobs start: in order, as many at once as the key allows, and no more per day than its creations. */
export interface Admission {
  readonly waiting: number;
  /** The assumed number of places, and how many are taken. */
  readonly places: { readonly limit: number; readonly taken: number };
  hasPlace(jobId: string): boolean;
  /** The position of a queued job; undefined if it is not queued. */
  placeInQueue(order: QueueRank): JobQueuePlace | undefined;
  /** Resolves when the job has a place. Rejects with a `rate-limited` failure if the creations of the day are used up. */
  turn(job: Waiting, signal: AbortSignal): Promise<void>;
  /**
   * Sends the create of a job. Only a few are sent at once, fewer with a smaller plan: if other processes use places of the key,
   * one create is refused instead of all. Rejects with a `rate-limited` failure if there is certainly no place.
   */
  create<Result>(jobId: string, send: () => Promise<Result>): Promise<Result>;
  /** The job is on the server, created by this lane or found there. */
  created(jobId: string): void;
  /** The server refused a create: too many concurrent jobs. */
  refused(): void;
  /** The same for the confirm of a job, for servers that count jobs from the confirm on. */
  confirmRefusal(): Failure | undefined;
  confirmed(): void;
  confirmRefused(): void;
  /** The job no longer has a place. */
  release(jobId: string): void;
  /** Something changed that may let jobs start. */
  grantNext(): void;
}

export interface AdmissionOptions extends CapacityOptions {
  readonly clock: Clock;
  readonly creations: () => EndpointBudget | undefined;
  /** Called when the set of queued jobs changed. */
  readonly onQueueChange?: () => void;
}

interface Waiter {
  readonly grant: () => void;
  readonly refuse: (failure: Failure) => void;
}

/** The state of a desk, and its waiting calls. */
function createDeskHolder({ clock, creations, hint, most, onQueueChange }: AdmissionOptions) {
  let state = openDesk({ hint, most });
  let calls = 0;
  let alarm: { readonly at: number; readonly cancel: () => void } | undefined;
  let waiters: Map<string, Waiter> | undefined;

  const settle = (call: string, how: (waiter: Waiter) => void): void => {
    const waiter = waiters?.get(call);
    waiters?.delete(call);
    if (waiter !== undefined) how(waiter);
  };

  function ring(): void {
    alarm = undefined;
    send({ type: 'tick' });
  }

  function setAlarm(at: number | null): void {
    if (at === (alarm?.at ?? null)) return;
    alarm?.cancel();
    alarm = at === null ? undefined : { at, cancel: clock.schedule(at, ring) };
  }

  function send(event: DeskEvent): void {
    const wallOffset = wallOffsetOf(clock);
    const answer = placeDesk(state, { ...event, now: clock.now(), wallOffset, creations: creations() });
    const isSameQueue = answer.state.queue === state.queue;
    state = answer.state;
    if (!isSameQueue) onQueueChange?.();
    setAlarm(answer.alarmAt);
    for (const { call } of answer.grants) settle(call, ({ grant }) => grant());
    for (const { call, failure } of answer.refusals) settle(call, ({ refuse }) => refuse(failure));
  }

  return {
    state: () => state,
    send,
    /** Sends a request under a new call id; the waiter is answered once. */
    ask(event: (call: string) => DeskEvent, waiter: Waiter): string {
      calls += 1;
      const call = String(calls);
      waiters ??= new Map();
      waiters.set(call, waiter);
      send(event(call));
      return call;
    },
    leave(call: string): void {
      waiters?.delete(call);
      send({ type: 'leave', call });
    },
  };
}

type DeskHolder = ReturnType<typeof createDeskHolder>;

function turnAt(desk: DeskHolder, job: Waiting, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      reject(signal.reason);
      desk.leave(call);
    };
    const settle = (): void => signal.removeEventListener('abort', onAbort);
    signal.addEventListener('abort', onAbort, { once: true });
    const call = desk.ask((call) => ({ type: 'turn', call, ...job }), {
      grant() {
        settle();
        resolve();
      },
      refuse(failure) {
        settle();
        reject(failure);
      },
    });
  });
}

async function createAt<Result>(
  desk: DeskHolder,
  jobId: string,
  send: () => Promise<Result>,
): Promise<Result> {
  let call = '';
  await new Promise<void>((grant, refuse) => {
    call = desk.ask((call) => ({ type: 'create', call, jobId }), { grant, refuse });
  });
  try {
    return await send();
  } finally {
    desk.send({ type: 'createEnded', call });
  }
}

/** The place desk as promises: it holds the state, one alarm, and the waiting calls. A class: a process may have a thousand lanes. */
class Desk implements Admission {
  readonly #desk: DeskHolder;
  /** What `isOnServer` has found: every status read asks for it, and the walk through the tree of all jobs grows with them. */
  #onServer: Set<string> | undefined;

  constructor(options: AdmissionOptions) {
    this.#desk = createDeskHolder(options);
  }

  get waiting(): number {
    return waitingTurns(this.#desk.state());
  }

  get places(): Admission['places'] {
    return placesOf(this.#desk.state());
  }

  placeInQueue(rank: QueueRank): JobQueuePlace | undefined {
    return placeInQueue(this.#desk.state().queue, rank);
  }

  hasPlace(jobId: string): boolean {
    return isPlaceHeld(this.#desk.state(), jobId);
  }

  turn(job: Waiting, signal: AbortSignal): Promise<void> {
    this.#onServer?.delete(job.jobId);
    return turnAt(this.#desk, job, signal);
  }

  create<Result>(jobId: string, send: () => Promise<Result>): Promise<Result> {
    this.#onServer?.delete(jobId);
    return createAt(this.#desk, jobId, send);
  }

  created(jobId: string): void {
    this.#onServer ??= new Set();
    if (this.#onServer.has(jobId)) return;
    if (!isOnServer(this.#desk.state(), jobId)) this.#desk.send({ type: 'arrived', jobId });
    this.#onServer.add(jobId);
  }

  refused(): void {
    this.#desk.send({ type: 'createRefused' });
  }

  confirmRefusal(): Failure | undefined {
    let refusal: Failure | undefined;
    const refuse = (failure: Failure): void => {
      refusal = failure;
    };
    this.#desk.ask((call) => ({ type: 'confirm', call, jobId: '' }), { grant: () => undefined, refuse });
    return refusal;
  }

  confirmed(): void {
    this.#desk.send({ type: 'confirmed' });
  }

  confirmRefused(): void {
    this.#desk.send({ type: 'confirmRefused' });
  }

  release(jobId: string): void {
    this.#onServer?.delete(jobId);
    this.#desk.send({ type: 'released', jobId });
  }

  grantNext(): void {
    this.#desk.send({ type: 'tick' });
  }
}

export const createAdmission = (options: AdmissionOptions): Admission => new Desk(options);
