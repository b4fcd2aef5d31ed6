import type { Failure } from '../../../services/failure.js';
import type { EndpointBudget } from '../../../services/limits/rate-budget.js';
import { type Clock, wallTimeOf } from '../../binding/clock.js';
import { createConfirmGate } from './confirm-gate.js';
import { creationsShutUntil } from './creation-quota.js';
import type { Places } from './places.js';
import { createStartQueue, type Waiting } from './start-queue.js';
import { createWaitingLine } from './waiting-line.js';

/** Lets jobs start: in order, as many at once as the key has places, and no more a day than it has creations. */
export interface Starter {
  readonly waiting: number;
  hasPlace(jobId: string): boolean;
  /** Resolves when the job has a place. Rejects with a `rate-limited` failure where the creations of the day are spent. */
  turn(job: Waiting, signal: AbortSignal): Promise<void>;
  /**
   * Sends the create of a job. Only a few are under way at once, fewer the smaller the plan: where other processes have places of the
   * key, one of them is refused and not all. Rejects with a `rate-limited` failure where it is known that there is no place.
   */
  create<Result>(jobId: string, send: () => Promise<Result>): Promise<Result>;
  /** The job is on the server, created by this lane or found there. */
  created(jobId: string): void;
  /** The server refused a create: too many jobs at once. */
  refused(): void;
  /** The same for the confirm of a job, for servers that count from there on. */
  confirmRefusal(): Failure | undefined;
  confirmed(): void;
  confirmRefused(): void;
  /** The job holds no place any more. */
  release(jobId: string): void;
  /** Something changed that may let jobs start. */
  pump(): void;
}

export interface StarterOptions {
  readonly clock: Clock;
  readonly places: Places;
  readonly creations: () => EndpointBudget | undefined;
}

/** One create is under way for so many places. */
const CREATES_PER_PLACE = 10;

interface Waiter extends Waiting {
  readonly grant: () => void;
  readonly refuse: (failure: Failure) => void;
}

const spent = (clock: Clock, until: number): Failure => ({
  kind: 'rate-limited',
  message: `the job waits in the queue: the key has no creations left until ${new Date(wallTimeOf(clock, until)).toISOString()}`,
  advice: 'Wait until the limit resets; the job goes on by itself.',
  delivery: 'not-sent',
  limit: 'quota',
  retryAt: until,
});

const crowded: Failure = {
  kind: 'rate-limited',
  message: 'nothing was sent: the key has as many jobs as it may have at once',
  advice: 'Wait until a job ends; the job goes on by itself.',
  delivery: 'not-sent',
  limit: 'concurrency',
};

export function createStarter({ clock, places, creations }: StarterOptions): Starter {
  const queue = createStartQueue<Waiter>();
  const gate = createConfirmGate();
  const line = createWaitingLine(() => Math.max(1, Math.floor(places.limit / CREATES_PER_PLACE)));
  /** Jobs that have a place and no reply to a create yet. */
  const onTheirWay = new Set<string>();
  let cancelAlarm: (() => void) | undefined;

  function grant(waiter: Waiter): void {
    queue.remove(waiter.jobId);
    places.take(waiter.jobId);
    onTheirWay.add(waiter.jobId);
    waiter.grant();
  }

  /** Those who wait for another day wait in their own state, where the host sees until when. */
  function refuseAll(until: number): void {
    for (const waiter of [...queue.list()]) {
      queue.remove(waiter.jobId);
      waiter.refuse(spent(clock, until));
    }
  }

  function pump(): void {
    cancelAlarm?.();
    cancelAlarm = undefined;
    const now = clock.now();
    for (let first = queue.first(); first !== undefined; first = queue.first()) {
      const shutUntil = creationsShutUntil(creations(), onTheirWay.size, now);
      // Some that are on their way may fail: only what is really spent sends those who wait away.
      const isSpent = shutUntil !== undefined && creationsShutUntil(creations(), 0, now) !== undefined;
      if (shutUntil !== undefined && isSpent) {
        refuseAll(shutUntil);
        break;
      }
      if (shutUntil !== undefined || !places.isFree(now)) break;
      grant(first);
    }
    const at = places.askAgainAt;
    if (queue.size > 0 && at !== undefined && at > now) cancelAlarm = clock.schedule(at, pump);
  }

  return {
    get waiting() {
      return queue.size;
    },
    hasPlace: places.has,
    turn: (job, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const onAbort = (): void => {
          queue.remove(job.jobId);
          reject(signal.reason);
          pump();
        };
        const settle = (): void => signal.removeEventListener('abort', onAbort);
        signal.addEventListener('abort', onAbort, { once: true });
        queue.add({
          ...job,
          grant() {
            settle();
            resolve();
          },
          refuse(failure) {
            settle();
            reject(failure);
          },
        });
        pump();
      }),
    async create(jobId, send) {
      // One that was restored behind the queue takes its place here.
      places.take(jobId);
      onTheirWay.add(jobId);
      return line.through(async () => {
        if (!places.mayCreate(clock.now())) throw crowded;
        return send();
      });
    },
    created(jobId) {
      onTheirWay.delete(jobId);
      if (places.arrived(jobId, clock.now())) pump();
    },
    refused: () => places.refused(clock.now()),
    confirmRefusal: () => (gate.mayPass(clock.now()) ? undefined : crowded),
    confirmed: gate.passed,
    confirmRefused: () => gate.refused(clock.now()),
    release(jobId) {
      onTheirWay.delete(jobId);
      if (places.release(jobId)) gate.freed();
      pump();
    },
    pump,
  };
}
