/** Where a process reads its time, in ms. */
export interface TimeSources {
  /** Epoch ms, as people and other machines know it. It may be wrong, and it may be set at any moment, forward or back. */
  readonly wall: () => number;
  /** Only goes forward, from an arbitrary start. May stand still while the machine sleeps. */
  readonly monotonic: () => number;
}

/** The wall clock was set, by so many ms; negative: back. */
export type StepListener = (byMs: number) => void;

/** Epoch ms that nobody can set: a span between two readings is the time that has passed, whatever was done to the wall clock meanwhile. */
export interface SteadyTime {
  /** Epoch ms: the wall clock's at the beginning, plus what has passed since, parts of a ms included: rounded, a wait could end early. */
  now(): number;
  /** By how much (ms) the wall clock was set since the beginning. Added to a time of `now`, it gives the wall clock's. */
  wallOffset(): number;
  /** Calls back when a step of the wall clock is noticed, which is when time is next asked for. Returns what ends that. */
  onStep(listener: StepListener): () => void;
  /** Tells the machine's sleep from a clock that was set: `uptimeMs` goes on while the machine sleeps. */
  knowSleep(uptimeMs: () => number): void;
}

/** What differs by less is the noise of two readings, or a clock that is kept right bit by bit. */
const NOTICEABLE_MS = 1_000;
/** An uptime may come in whole seconds. */
const LEAST_SLEEP_MS = 2_000;

interface Uptime {
  readonly read: () => number;
  /** Its reading less the monotonic one, when it was first asked: what it has grown by since was slept. */
  readonly ahead: number;
}

export function createSteadyTime({ wall, monotonic }: TimeSources): SteadyTime {
  const began = wall() - monotonic();
  const listeners = new Set<StepListener>();
  let sleptMs = 0;
  let offsetMs = 0;
  let uptime: Uptime | undefined;

  const steady = (): number => began + monotonic() + sleptMs;
  const gap = (): number => wall() - steady() - offsetMs;

  /** A process that was stopped between its two readings sees a step that was none. */
  function lastingGap(): number {
    let seen = gap();
    for (let look = 0; look < 3; look += 1) {
      const again = gap();
      if (Math.abs(again - seen) < NOTICEABLE_MS) return again;
      seen = again;
    }
    return 0;
  }

  /** The part of a gap that is time which really passed. */
  function sleepIn(gapMs: number): number {
    if (uptime === undefined || gapMs < 0) return 0;
    const asleep = uptime.read() - monotonic() - uptime.ahead - sleptMs;
    if (!(asleep >= LEAST_SLEEP_MS)) return 0;
    // The wall clock tells it more finely, unless it was set as well.
    return Math.abs(gapMs - asleep) < LEAST_SLEEP_MS ? gapMs : asleep;
  }

  function notice(): void {
    const found = lastingGap();
    const asleep = sleepIn(found);
    sleptMs += asleep;
    const step = found - asleep;
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

/** The time of this process. One for all that count in it: times of two such clocks must not be compared once one has noticed a step. */
export const processTime: SteadyTime = createSteadyTime({
  wall: () => Date.now(),
  monotonic: () => performance.now(),
});
