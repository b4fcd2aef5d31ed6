import { setImmediate as breathe } from 'node:timers/promises';

/**
 * How long a slice of work may take, in ms: while the garbage collector marks a heap of gigabytes, it works along with each
 * allocation, and the same jobs take ten times as long.
 */
const LONGEST_MS = 8;
/** How many jobs are in a slice at most. */
const MOST_JOBS = 32;

/** Divides work on many jobs into slices. Between two of them, timers, replies and the heartbeat of leases are processed. */
export class TimeSlice {
  readonly #mostJobs: number;
  #began = performance.now();
  #jobs = 0;

  constructor(mostJobs = MOST_JOBS) {
    this.#mostJobs = mostJobs;
  }

  /** Before each job. Undefined, because a promise costs more than nothing, or resolves in the next turn of the event loop. */
  pause(): Promise<void> | undefined {
    this.#jobs += 1;
    const isOver = this.#jobs > this.#mostJobs || performance.now() - this.#began > LONGEST_MS;
    return isOver ? this.#next() : undefined;
  }

  /** The work was interrupted: only the time from now on counts. */
  resume(): void {
    this.#began = performance.now();
  }

  /** Begins a slice in the next turn of the event loop, with a job in it. */
  async #next(): Promise<void> {
    await breathe();
    this.resume();
    this.#jobs = 1;
  }
}
