import type { StatusReading } from '../../../services/wire/wire-types.js';
import type { Clock } from '../../binding/clock.js';
import type { PollScheduler } from './forecast/poll-scheduler.js';
import { nextRead } from './next-read.js';
import type { PollGovernor } from './poll-governor.js';

/** A job whose turn is asked for. */
export interface TurnRequest {
  readonly jobId: string;
  /** Absent for a job of which the start is not known: nothing is learned from it. */
  readonly workflowId?: string;
  /** Epoch ms. */
  readonly notBefore: number;
}

/** Gives out the status reads of the key, one after another, to the job that gains most by one. One timer for all jobs. */
export interface Poller {
  /** A stretch of execution begins: the confirm was answered. */
  began(jobId: string): void;
  /** Resolves when the job's status may be read. */
  turn(request: TurnRequest, signal: AbortSignal): Promise<void>;
  /** What a read said. */
  observe(jobId: string, reading: StatusReading): void;
  /** The read failed; `isSent` tells whether it left at all. */
  failed(jobId: string, isSent: boolean): void;
  /** Something was learned of the limit. */
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
  /** Epoch ms of the confirm that began this stretch; undefined where it was not seen. */
  startedAt: number | undefined;
  isKnown: boolean;
  grant: (() => void) | undefined;
  refuse: ((reason: unknown) => void) | undefined;
  /** Whose abort is listened for. */
  signal: AbortSignal | undefined;
  /** A turn was given and its read has not been answered. */
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
      refuse: undefined,
      signal: undefined,
      isReading: false,
    };
    jobs.set(jobId, fresh);
    return fresh;
  };

  /** Never in the turn of the event loop that asked: calls that people wait for, asked for in the same turn, leave first. */
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
      // Without a confirm it is no next stretch: the scheduler begins with it again.
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

  /** Once a signal and not once a turn: a job that looks ahead asks for its turns with the same one, and Node's listeners are dear. */
  function listen(jobId: string, job: Watched, signal: AbortSignal): void {
    if (job.signal === signal) return;
    job.signal = signal;
    const onAbort = (): void => {
      // Not while it is read, nor for one that asks with another signal by now.
      if (job.signal !== signal || job.grant === undefined) return;
      const { refuse } = job;
      job.grant = undefined;
      leave(jobId);
      refuse?.(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
  }

  return {
    began(jobId) {
      const job = jobOf(jobId);
      job.startedAt = clock.now();
      job.isKnown = false;
    },
    turn: (request, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const job = jobOf(request.jobId);
        job.grant = resolve;
        job.refuse = reject;
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
      // A stretch without a confirm that we saw is one of which nothing can be learned.
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
