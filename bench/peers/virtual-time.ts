import type { Clock } from '../../src/engine/binding/clock.js';
import { createDueHeap, type Due } from '../../src/engine/lane/reads/forecast/due-heap.js';

/** Time that goes from timer to timer, with nothing between them. */
export interface VirtualTime extends Clock {
  /** Fires timers until `isDone` says so or none is left. */
  run(isDone: () => boolean): Promise<void>;
}

interface Timer extends Due {
  readonly callback: () => void;
}

/** All promises that can settle without a timer have settled. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function createVirtualTime(start = Date.UTC(2026, 2, 30, 12)): VirtualTime {
  let now = start;
  const timers = createDueHeap<Timer>();
  const fireNext = (): void => {
    const first = timers.first();
    if (first === undefined) return;
    timers.remove(first);
    now = Math.max(now, first.due);
    first.callback();
  };
  return {
    now: () => now,
    schedule(at, callback) {
      const timer: Timer = { due: Math.max(at, now), slot: -1, callback };
      timers.place(timer);
      return () => timers.remove(timer);
    },
    async run(isDone) {
      await settle();
      while (!isDone() && timers.size > 0) {
        fireNext();
        await settle();
      }
    },
  };
}

/**
 * Lets code that knows only the global timers live in virtual time. Returns what gives it the real ones back.
 * `setImmediate` stays as it is.
 */
export function installTimers(clock: Clock): () => void {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, now: Date.now };
  const schedule = (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
    const cancel = clock.schedule(clock.now() + Math.max(1, ms), () => callback(...args));
    return { cancel, ref: () => undefined, unref: () => undefined, hasRef: () => true };
  };
  const clear = (timer: unknown): void => {
    if (typeof timer !== 'object' || timer === null) return;
    const cancel: unknown = Reflect.get(timer, 'cancel');
    if (typeof cancel === 'function') cancel();
  };
  // Boundary: the types of the global timers promise Node's own objects; the code that runs here uses none of their other methods.
  globalThis.setTimeout = schedule as unknown as typeof setTimeout;
  globalThis.clearTimeout = clear as unknown as typeof clearTimeout;
  Date.now = () => clock.now();
  return () => {
    globalThis.setTimeout = real.setTimeout;
    globalThis.clearTimeout = real.clearTimeout;
    Date.now = real.now;
  };
}
