import { NEVER } from '../../machines/ports.js';
import { processTime, type SteadyTime, type StepListener } from '../../services/time/steady-time.js';

/** Time as this adapter needs it; tests and simulations bring their own. */
export interface Clock {
  /**
   * Epoch ms by a clock that nobody sets: a span of it is the time that has passed. It differs from the wall clock once that was set,
   * so what outlives the process or is shown to people goes through {@link wallTimeOf}.
   */
  now(): number;
  /** Calls back once at or after `at` (epoch ms of `now`); returns what cancels it. */
  schedule(at: number, callback: () => void): () => void;
  /** What to add to a time of `now` for the wall clock's, in ms. Absent: nothing, for this clock is the wall clock. */
  wallOffset?(): number;
  /** Calls back when it is noticed that the wall clock was set, by so many ms. Returns what ends that. */
  onStep?(listener: StepListener): () => void;
}

/** Starts a timer of the platform; returns what cancels it. */
export type SetTimer = (callback: () => void, ms: number) => () => void;

/**
 * Short steps notice that the machine slept, and that the wall clock was set. They also keep clear of 2^31 - 1 ms, beyond which
 * `setTimeout` fires at once.
 */
const STEP_MS = 60_000;

/** A clock over a time that nobody sets. */
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

/** By how much the wall clock was set since the clock's beginning, in ms. */
export function wallOffsetOf(clock: Clock): number {
  // Asked for the time, the clock notices what was done to the wall clock before.
  clock.now();
  return clock.wallOffset?.() ?? 0;
}

/** A time of a clock (now, unless another is given) as the wall clock tells it, in whole epoch ms. */
export const wallTimeOf = (clock: Clock, at: number = clock.now()): number =>
  Math.floor(at + wallOffsetOf(clock));

/** A time of the wall clock, as a host gives it (epoch ms), as the clock tells it: from here on it does not move when the wall clock is set. */
export const clockTimeOf = (clock: Clock, wallTime: number): number =>
  wallTime >= NEVER ? wallTime : wallTime - wallOffsetOf(clock);

const abortReason = (signal: AbortSignal): Error => {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new DOMException('This wait was aborted', 'AbortError');
};

/** Resolves at or after `at` (epoch ms of the clock); rejects when the signal aborts. Leaves no timer and no listener behind. */
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
