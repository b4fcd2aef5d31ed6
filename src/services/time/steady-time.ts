/** The clocks of a process, in ms. */
export interface TimeSources {
  /** Epoch ms of the wall clock. It may be wrong, and may be set at any time, forward or back. */
  readonly wall: () => number;
  /** Only goes forward, from an arbitrary start. May stop while the machine sleeps. */
  readonly monotonic: () => number;
}

/** Called when the wall clock was set, with the difference in ms; negative: back. */
export type StepListener = (byMs: number) => void;

/** Epoch ms that cannot be set: the difference of two readings is the time that passed, whatever happened to the wall clock. */
export interface SteadyTime {
  /** Epoch ms: the wall clock at the start plus the time since then, with fractions: if rounded, a wait could end early. */
  now(): number;
  /** How far (ms) the wall clock was set since the start. Added to `now()`, it gives the wall clock. */
  wallOffset(): number;
  /** Calls back when a step of the wall clock is noticed, at the next reading of the time. Returns a function that unsubscribes. */
  onStep(listener: StepListener): () => void;
  /** Distinguishes sleep of the machine from a set clock: `uptimeMs` continues while the machine sleeps. */
  knowSleep(uptimeMs: () => number): void;
}

/** Smaller differences come from the two readings, or from a clock that is adjusted gradually. */
const NOTICEABLE_MS = 1_000;
/** An uptime may be in whole seconds. */
const LEAST_SLEEP_MS = 2_000;

interface Uptime {
  readonly read: () => number;
  /** Its reading minus the monotonic one at the start: growth since then is sleep. */
  readonly ahead: number;
}

/** The difference of two clocks. If the process was stopped between two readings of it, it is not a step, and is 0. */
function lastingGap(gap: () => number): number {
  let seen = gap();
  for (let look = 0; look < 3; look += 1) {
    const again = gap();
    if (Math.abs(again - seen) < NOTICEABLE_MS) return again;
    seen = again;
  }
  return 0;
}

export function createSteadyTime({ wall, monotonic }: TimeSources): SteadyTime {
  const began = wall() - monotonic();
  const listeners = new Set<StepListener>();
  let sleptMs = 0;
  let offsetMs = 0;
  let uptime: Uptime | undefined;

  const steady = (): number => began + monotonic() + sleptMs;
  const gap = (): number => wall() - steady() - offsetMs;

  /** The part of a gap that was sleep, so that the time really passed. */
  function sleepIn(gapMs: number): number {
    if (uptime === undefined || gapMs < 0) return 0;
    const asleep = uptime.read() - monotonic() - uptime.ahead - sleptMs;
    if (!(asleep >= LEAST_SLEEP_MS)) return 0;
    // The gap is more precise, unless the wall clock was set as well.
    return Math.abs(gapMs - asleep) < LEAST_SLEEP_MS ? gapMs : asleep;
  }

  function notice(): void {
    const found = lastingGap(gap);
    const asleep = sleepIn(found);
    sleptMs += asleep;
    // Whole ms, so that times stay whole when they are converted.
    const step = Math.ceil(found - asleep);
    if (Math.abs(step) < NOTICEABLE_MS) return;
    offsetMs += step;
    for (const listener of [...listeners]) listener(step);
  }

  return {
    now() {
      if (Math.abs(gap()) >= NOTICEABLE_MS) notice();
      return steady();
    },
    wallOffset: () => offsetMs,
    onStep(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    knowSleep(uptimeMs) {
      uptime ??= { read: uptimeMs, ahead: uptimeMs() - monotonic() - sleptMs };
    },
  };
}

/**
 * The time of this process. Shared by everything that measures time in it: times of two such clocks must not be compared after
 * one has noticed a step.
 */
export const processTime: SteadyTime = createSteadyTime({
  wall: () => Date.now(),
  monotonic: () => performance.now(),
});
