import { NEVER } from '../../machines/ports.js';
import { processTime, type SteadyTime, type StepListener } from '../../services/time/steady-time.js';
import type { ClockWork } from './clock-work.js';

/** The clock of the engine; tests and simulations bring their own. */
export interface Clock {
  /**
   * Epoch ms on a clock that is never set: the difference of two readings is the time that passed. It differs from the wall clock
   * once that was set, so convert times that are stored or shown to people with {@link wallTimeOf}.
   */
  now(): number;
  /** Calls back once at or after `at` (epoch ms of `now`). Returns a function that cancels it. */
  schedule(at: number, callback: () => void): () => void;
  /** What to add to a time of `now` to get the wall clock, in ms. Absent: 0, because this clock is the wall clock. */
  readonly wallOffset?: (() => number) | undefined;
  /** Calls back when a step of the wall clock is noticed, with its size in ms. Returns a function that unsubscribes. */
  readonly onStep?: ((listener: StepListener) => () => void) | undefined;
  /** Of a virtual clock: the work in flight, which its time must not overtake. Absent on a clock that advances by itself. */
  readonly work?: ClockWork | undefined;
}

/** Starts a timer of the platform. Returns a function that cancels it. */
export type SetTimer = (callback: () => void, ms: number) => () => void;

/**
 * Short steps notice sleep of the machine and a set wall clock. They also avoid delays over 2^31 - 1 ms, for which `setTimeout`
 * fires at once.
 */
const STEP_MS = 60_000;

/** Creates a clock from a time that is never set. */
export function createClock(time: SteadyTime, setTimer: SetTimer): Clock {
  return {
    now: time.now,
    wallOffset: time.wallOffset,
    onStep: time.onStep,
    schedule(at, callback) {
      let cancel = (): void => undefined;
      const wait = (): void => {
        cancel = setTimer(step, Math.max(0, Math.min(Math.ceil(at - time.now()), STEP_MS)));
      };
      const step = (): void => {
        if (time.now() >= at) callback();
        else wait();
      };
      wait();
      return () => cancel();
    },
  };
}

/** The clock of this process. */
export const systemClock: Clock = createClock(processTime, (callback, ms) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
});

/** How far the wall clock was set since the clock started, in ms. */
export function wallOffsetOf(clock: Clock): number {
  // Reading the time makes the clock notice steps of the wall clock.
  clock.now();
  return clock.wallOffset?.() ?? 0;
}

/** Converts a time of a clock (default: now) to the wall clock, in whole epoch ms. */
export const wallTimeOf = (clock: Clock, at: number = clock.now()): number =>
  Math.floor(at + wallOffsetOf(clock));

/** Converts a wall clock time of a host (epoch ms) to the clock: from then on, setting the wall clock does not move it. */
export const clockTimeOf = (clock: Clock, wallTime: number): number =>
  wallTime >= NEVER ? wallTime : wallTime - wallOffsetOf(clock);

const abortReason = (signal: AbortSignal): Error => {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new DOMException('This wait was aborted', 'AbortError');
};

/** Resolves at or after `at` (epoch ms of the clock); rejects when the signal aborts. Leaves no timer or listener behind. */
export function waitUntil(clock: Clock, at: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(abortReason(signal));
    const onAbort = (): void => {
      cancel();
      reject(abortReason(signal));
    };
    const cancel =
      at >= NEVER
        ? () => undefined
        : clock.schedule(at, () => {
            signal.removeEventListener('abort', onAbort);
            resolve();
          });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
