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
  #began = performance.now();
  #jobs = 0;

  /** Before each job. Undefined, because a promise costs more than nothing, or resolves in the next turn of the event loop. */
  pause(): Promise<void> | undefined {
    this.#jobs += 1;
    const isOver = this.#jobs > MOST_JOBS || performance.now() - this.#began > LONGEST_MS;
    return isOver ? this.#next() : undefined;
  }

  async #next(): Promise<void> {
    await breathe();
    this.#began = performance.now();
    this.#jobs = 1;
  }
}
