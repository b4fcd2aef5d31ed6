import { type Clock, createClock } from '../../src/engine/binding/clock.js';
import { createSteadyTime } from '../../src/services/time/steady-time.js';

/** A clock of the product's own making over a wall clock that can be set, and a time that continues whatever is set. */
export interface SteppingClock extends Clock {
  /** Epoch ms of the wall clock. */
  wall(): number;
  /** Sets the wall clock: forward, or back where negative. */
  set(byMs: number): void;
  /** The machine slept: the wall clock and the uptime continued, timers and the monotonic clock did not. */
  sleep(ms: number): void;
}

export interface SteppingClockOptions {
  /** How far the wall clock is ahead from the beginning, in ms. */
  readonly aheadMs?: number;
  /** The platform reports how long the machine was up, sleep included. Default true. */
  readonly hasUptime?: boolean;
}

/** `truth` is the time that passes, and fires the timers. */
export function createSteppingClock(
  truth: Clock,
  { aheadMs = 0, hasUptime = true }: SteppingClockOptions = {},
): SteppingClock {
  let setMs = aheadMs;
  let sleptMs = 0;
  const wall = (): number => truth.now() + setMs + sleptMs;
  const monotonic = (): number => truth.now() - 1_000_000;
  const time = createSteadyTime({ wall, monotonic });
  if (hasUptime) time.knowSleep(() => monotonic() + sleptMs);
  const clock = createClock(time, (callback, ms) => truth.schedule(truth.now() + ms, callback));
  return {
    ...clock,
    wall,
    set(byMs) {
      setMs += byMs;
    },
    sleep(ms) {
      sleptMs += ms;
    },
  };
}
