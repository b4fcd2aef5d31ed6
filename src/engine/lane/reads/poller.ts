import type { StopSignal } from '../../../services/caller-signal.js';
import type { StatusReading } from '../../../services/wire/wire-types.js';
import type { Clock } from '../../binding/clock.js';
import type { TurnWaiter } from '../../binding/turn-waiter.js';
import type { PollScheduler } from './forecast/poll-scheduler.js';
import { nextRead } from './next-read.js';
import type { PollGovernor } from './poll-governor.js';

/** A job that requests a turn. */
export interface TurnRequest {
  readonly jobId: string;
  /** Absent if the start of the job is unknown: nothing is learned from it. */
  readonly workflowId?: string;
  /** Epoch ms. */
  readonly notBefore: number;
}

/** Grants the status reads of the key one by one to the job that benefits most. One timer for all jobs. */
export interface Poller {
  /** A stretch of execution begins: the confirm succeeded. */
  began(jobId: string): void;
  /** Whether the start of the job's present stretch is known: then a turn needs no `workflowId`. */
  knows(jobId: string): boolean;
  /** Resolves when the job's status may be read. Rejects with the signal's reason. */
  turn(request: TurnRequest, signal: StopSignal): Promise<void>;
  /** The same without a promise. */
  wait(request: TurnRequest, signal: StopSignal, waiter: TurnWaiter): void;
  /** The result of a read. */
  observe(jobId: string, reading: StatusReading): void;
  /** The read failed; `isSent` says whether it was sent. */
  failed(jobId: string, isSent: boolean): void;
  /** Something was learned about the limit. */
  wake(): void;
  /** The job is not read any more. */
  forget(jobId: string): void;
}

export interface PollerOptions {
  readonly clock: Clock;
  readonly governor: PollGovernor;
  readonly scheduler: PollScheduler;
}

interface Watched {
  /** Epoch ms of the confirm that began this stretch; undefined if it was not seen. */
  startedAt: number | undefined;
  isKnown: boolean;
  /** Waits for a turn. */
  waiter: TurnWaiter | undefined;
  /** The signal whose abort is handled. */
  signal: StopSignal | undefined;
  /** A turn was granted and its read is not answered yet. */
  isReading: boolean;
}

const CHANGES: ReadonlySet<string> = new Set(['slot_needed', 'completed', 'failed']);

/** One timer, for the earliest of the times that it is set to. */
class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #cancel: (() => void) | undefined;
  #at = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, onRing: () => void) {
    this.#clock = clock;
    this.#ring = () => {
      this.#cancel = undefined;
      onRing();
    };
  }

  set(at: number): void {
    if (this.#cancel !== undefined && this.#at <= at) return;
    this.#cancel?.();
    this.#at = at;
    this.#cancel = this.#clock.schedule(at, this.#ring);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}

const unwatched = (): Watched => ({
  startedAt: undefined,
  isKnown: false,
  waiter: undefined,
  signal: undefined,
  isReading: false,
});

class TurnPoller implements Poller {
  readonly #clock: Clock;
  readonly #governor: PollGovernor;
  readonly #scheduler: PollScheduler;
  readonly #jobs = new Map<string, Watched>();
  /** Never in the same turn of the event loop: calls that people wait for, made in the same turn, are sent first. */
  readonly #alarm: Alarm;

  constructor({ clock, governor, scheduler }: PollerOptions) {
    this.#clock = clock;
    this.#governor = governor;
    this.#scheduler = scheduler;
    this.#alarm = new Alarm(clock, () => this.#grantNext());
  }

  began(jobId: string): void {
    const job = this.#jobOf(jobId);
    job.startedAt = this.#clock.now();
    job.isKnown = false;
  }

  knows(jobId: string): boolean {
    return this.#jobs.get(jobId)?.isKnown === true;
  }

  turn(request: TurnRequest, signal: StopSignal): Promise<void> {
    return new Promise((granted, refused) => this.wait(request, signal, { granted, refused }));
  }

  wait(request: TurnRequest, signal: StopSignal, waiter: TurnWaiter): void {
    if (signal.aborted) {
      waiter.refused(signal.reason);
      return;
    }
    const now = this.#clock.now();
    const job = this.#jobOf(request.jobId);
    job.waiter = waiter;
    this.#listen(request.jobId, job, signal);
    this.#enter(request, job, now);
    this.#alarm.set(now);
  }

  observe(jobId: string, reading: StatusReading): void {
    const job = this.#jobs.get(jobId);
    if (job === undefined) return;
    job.isReading = false;
    this.#scheduler.observe(jobId, reading, this.#clock.now());
    if (!CHANGES.has(reading.status)) return;
    // Nothing can be learned from a stretch whose confirm we did not see.
    job.isKnown = false;
    job.startedAt = undefined;
    if (reading.status !== 'slot_needed') this.forget(jobId);
  }

  failed(jobId: string, isSent: boolean): void {
    const job = this.#jobs.get(jobId);
    if (job === undefined) return;
    job.isReading = false;
    if (!isSent) this.#governor.onLost(this.#clock.now());
  }

  wake(): void {
    if (this.#jobs.size > 0) this.#alarm.set(this.#clock.now());
  }

  forget(jobId: string): void {
    this.#scheduler.remove(jobId);
    const job = this.#jobs.get(jobId);
    if (job === undefined) return;
    if (job.isReading) this.#governor.onLost(this.#clock.now());
    this.#jobs.delete(jobId);
    if (this.#jobs.size === 0) this.#alarm.stop();
  }

  #jobOf(jobId: string): Watched {
    const known = this.#jobs.get(jobId);
    if (known !== undefined) return known;
    const fresh = unwatched();
    this.#jobs.set(jobId, fresh);
    return fresh;
  }

  #grantNext(): void {
    const now = this.#clock.now();
    for (;;) {
      const next = nextRead(this.#scheduler, this.#governor, now);
      if (next === undefined) return;
      if (next.at > now) {
        this.#alarm.set(next.at);
        return;
      }
      this.#give(next.id, now);
    }
  }

  #give(jobId: string, now: number): void {
    this.#scheduler.started(jobId, now);
    const job = this.#jobs.get(jobId);
    const waiter = job?.waiter;
    if (job === undefined || waiter === undefined) return;
    this.#governor.onSend(now);
    job.waiter = undefined;
    job.isReading = true;
    waiter.granted();
  }

  #enter({ jobId, workflowId, notBefore }: TurnRequest, job: Watched, now: number): void {
    if (!job.isKnown) {
      const { startedAt } = job;
      const isWhole = startedAt !== undefined && workflowId !== undefined;
      // Without a confirm this is not the next stretch: the scheduler starts over with the job.
      if (!isWhole) this.#scheduler.remove(jobId);
      this.#scheduler.add({ id: jobId, startedAt: startedAt ?? now, ...(isWhole ? { workflowId } : {}) });
      job.isKnown = true;
    }
    this.#scheduler.ready(jobId, now, notBefore);
  }

  /**
   * Listens once per signal, not per turn: a job that looks ahead uses the same signal for its turns, and listeners on Node's
   * signals are expensive.
   */
  #listen(jobId: string, job: Watched, signal: StopSignal): void {
    if (job.signal === signal) return;
    job.signal = signal;
    const onAbort = (): void => {
      // Ignored while it is read, or if the job uses another signal by now.
      if (job.signal !== signal || job.waiter === undefined) return;
      const { waiter } = job;
      job.waiter = undefined;
      this.forget(jobId);
      waiter.refused(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
  }
}

export const createPoller = (options: PollerOptions): Poller => new TurnPoller(options);
