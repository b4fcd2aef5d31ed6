import type { StopSignal } from '../../../services/caller-signal.js';
import type { StatusReading } from '../../../services/wire/wire-types.js';
import type { Clock } from '../../binding/clock.js';
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
  /** Resolves when the job's status may be read. */
  turn(request: TurnRequest, signal: StopSignal): Promise<void>;
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
  /** Ends the wait for a turn; with a rejected promise, if there is none. */
  grant: ((refusal?: Promise<void>) => void) | undefined;
  /** The signal whose abort is handled. */
  signal: StopSignal | undefined;
  /** A turn was granted and its read is not answered yet. */
  isReading: boolean;
}

const CHANGES: ReadonlySet<string> = new Set(['slot_needed', 'completed', 'failed']);

export function createPoller({ clock, governor, scheduler }: PollerOptions): Poller {
  const jobs = new Map<string, Watched>();
  let cancelTimer: (() => void) | undefined;
  let timerAt = Number.POSITIVE_INFINITY;

  const jobOf = (jobId: string): Watched => {
    const known = jobs.get(jobId);
    if (known !== undefined) return known;
    const fresh: Watched = {
      startedAt: undefined,
      isKnown: false,
      grant: undefined,
      signal: undefined,
      isReading: false,
    };
    jobs.set(jobId, fresh);
    return fresh;
  };

  /** Never in the same turn of the event loop: calls that people wait for, made in the same turn, are sent first. */
  function wakeAt(at: number): void {
    if (cancelTimer !== undefined && timerAt <= at) return;
    cancelTimer?.();
    timerAt = at;
    cancelTimer = clock.schedule(at, () => {
      cancelTimer = undefined;
      timerAt = Number.POSITIVE_INFINITY;
      grantNext();
    });
  }

  function grantNext(): void {
    const now = clock.now();
    for (;;) {
      const next = nextRead(scheduler, governor, now);
      if (next === undefined) return;
      if (next.at > now) {
        wakeAt(next.at);
        return;
      }
      give(next.id, now);
    }
  }

  function give(jobId: string, now: number): void {
    scheduler.started(jobId, now);
    const job = jobs.get(jobId);
    const grant = job?.grant;
    if (job === undefined || grant === undefined) return;
    governor.onSend(now);
    job.grant = undefined;
    job.isReading = true;
    grant();
  }

  function enter({ jobId, workflowId, notBefore }: TurnRequest, job: Watched, now: number): void {
    if (!job.isKnown) {
      const { startedAt } = job;
      const isWhole = startedAt !== undefined && workflowId !== undefined;
      // Without a confirm this is not the next stretch: the scheduler starts over with the job.
      if (!isWhole) scheduler.remove(jobId);
      scheduler.add({
        id: jobId,
        startedAt: startedAt ?? now,
        ...(isWhole ? { workflowId } : {}),
      });
      job.isKnown = true;
    }
    scheduler.ready(jobId, now, notBefore);
  }

  function leave(jobId: string): void {
    scheduler.remove(jobId);
    const job = jobs.get(jobId);
    if (job === undefined) return;
    if (job.isReading) governor.onLost(clock.now());
    jobs.delete(jobId);
    if (jobs.size === 0) {
      cancelTimer?.();
      cancelTimer = undefined;
    }
  }

  /**
   * Listens once per signal, not per turn: a job that looks ahead uses the same signal for its turns, and listeners on Node's
   * signals are expensive.
   */
  function listen(jobId: string, job: Watched, signal: StopSignal): void {
    if (job.signal === signal) return;
    job.signal = signal;
    const onAbort = (): void => {
      // Ignored while it is read, or if the job uses another signal by now.
      if (job.signal !== signal || job.grant === undefined) return;
      const { grant } = job;
      job.grant = undefined;
      leave(jobId);
      grant(Promise.reject(signal.reason));
    };
    signal.addEventListener('abort', onAbort, { once: true });
  }

  return {
    began(jobId) {
      const job = jobOf(jobId);
      job.startedAt = clock.now();
      job.isKnown = false;
    },
    knows: (jobId) => jobs.get(jobId)?.isKnown === true,
    turn: (request, signal) =>
      // Not its second argument too: each waiting job would keep that.
      new Promise((resolve) => {
        if (signal.aborted) return resolve(Promise.reject(signal.reason));
        const job = jobOf(request.jobId);
        job.grant = resolve;
        listen(request.jobId, job, signal);
        enter(request, job, clock.now());
        wakeAt(clock.now());
      }),
    observe(jobId, reading) {
      const job = jobs.get(jobId);
      if (job === undefined) return;
      job.isReading = false;
      scheduler.observe(jobId, reading, clock.now());
      if (!CHANGES.has(reading.status)) return;
      // Nothing can be learned from a stretch whose confirm we did not see.
      job.isKnown = false;
      job.startedAt = undefined;
      if (reading.status !== 'slot_needed') leave(jobId);
    },
    failed(jobId, isSent) {
      const job = jobs.get(jobId);
      if (job === undefined) return;
      job.isReading = false;
      if (!isSent) governor.onLost(clock.now());
    },
    wake() {
      if (jobs.size > 0) wakeAt(clock.now());
    },
    forget: leave,
  };
}
