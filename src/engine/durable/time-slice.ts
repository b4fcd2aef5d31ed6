import { setImmediate as breathe } from 'node:timers/promises';

/**
 * How long a slice of work may take, in ms. By time, not by count: while the garbage collector marks a heap of gigabytes, it works
 * along with each allocation, and the same jobs take ten times as long.
 */
const LONGEST_MS = 8;

/** Divides long work into slices. Between two of them, timers, replies and the heartbeat of leases are processed. */
export class TimeSlice {
  #began = performance.now();

  /** Resolves at once, or after a turn of the event loop if the slice is over. Undefined instead of a promise: nothing to wait for. */
  pause(): Promise<void> | undefined {
    return performance.now() - this.#began < LONGEST_MS ? undefined : this.#next();
  }

  async #next(): Promise<void> {
    await breathe();
    this.#began = performance.now();
  }
}
