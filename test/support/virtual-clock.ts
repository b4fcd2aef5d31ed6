import { createTimerQueue } from '../../src/adapters/testing/timer-queue.js';
import type { Clock } from '../../src/engine/binding/clock.js';

/**
 * A clock as `goal-lane/testing` has it, but blind for work in flight: scripted ports hang on purpose, those of the in-process
 * emulator need no time but its own, and pages in a browser have no `AsyncLocalStorage`.
 */
export interface VirtualClock extends Clock {
  /** The number of pending timers. */
  pending(): number;
  /** Advances to the next timer and fires it, after all promises have settled; false if there is none. */
  step(): Promise<boolean>;
  /** Advances by `ms` and fires the timers that become due. */
  advance(ms: number): Promise<void>;
  /** Advances until `done` returns true or no timer is left; false if it never did. */
  runUntil(done: () => boolean, withinMs?: number): Promise<boolean>;
}

const WEEK_MS = 7 * 86_400_000;

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function createVirtualClock(startAt = Date.UTC(2026, 2, 30, 12)): VirtualClock {
  let now = startAt;
  const timers = createTimerQueue();
  const fireNext = async (until: number): Promise<boolean> => {
    const timer = timers.next();
    if (timer === undefined || timer.at > until) return false;
    timers.remove(timer);
    now = Math.max(now, timer.at);
    timer.callback();
    await settle();
    return true;
  };
  return {
    now: () => now,
    schedule: timers.add,
    pending: () => timers.size,
    async step() {
      await settle();
      return fireNext(Number.POSITIVE_INFINITY);
    },
    async advance(ms) {
      const end = now + ms;
      await settle();
      while (await fireNext(end));
      now = end;
    },
    async runUntil(done, withinMs = WEEK_MS) {
      const end = now + withinMs;
      await settle();
      while (!done()) if (now >= end || !(await fireNext(Number.POSITIVE_INFINITY))) return false;
      return true;
    },
  };
}
