import type { Clock } from '../../src/engine/binding/clock.js';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

export interface VirtualClock extends Clock {
  /** Timers that wait. */
  pending(): number;
  /** Moves to the next timer and fires it, after all promises have settled; false when there is none. */
  step(): Promise<boolean>;
  /** Moves time by `ms`, firing what falls due. */
  advance(ms: number): Promise<void>;
  /** Runs until `done` says so or nothing is left to wait for. */
  runUntil(done: () => boolean, limitMs?: number): Promise<void>;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that moves only when a test says so, from timer to timer. */
export function createVirtualClock(start = Date.UTC(2026, 2, 30, 12)): VirtualClock {
  let now = start;
  let order = 0;
  const timers = new Set<Timer>();
  const next = (): Timer | undefined => [...timers].sort((a, b) => a.at - b.at || a.order - b.order)[0];
  const fire = (timer: Timer): void => {
    timers.delete(timer);
    now = Math.max(now, timer.at);
    timer.callback();
  };
  const step = async (): Promise<boolean> => {
    await settle();
    const timer = next();
    if (timer === undefined) return false;
    fire(timer);
    await settle();
    return true;
  };
  return {
    now: () => now,
    schedule(at, callback) {
      order += 1;
      const timer = { at, order, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    pending: () => timers.size,
    step,
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (let timer = next(); timer !== undefined && timer.at <= end; timer = next()) {
        fire(timer);
        await settle();
      }
      now = end;
    },
    async runUntil(done, limitMs = 7 * 24 * 3_600_000) {
      const end = now + limitMs;
      await settle();
      while (!done() && now < end) if (!(await step())) return;
    },
  };
}
