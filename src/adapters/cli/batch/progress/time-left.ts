/** Durations of the ended jobs of one workflow: count, mean and sum of squared differences (Welford). */
export interface Durations {
  readonly count: number;
  readonly meanMs: number;
  readonly squares: number;
}

export const noDurations: Durations = { count: 0, meanMs: 0, squares: 0 };

export function withDuration({ count, meanMs, squares }: Durations, ms: number): Durations {
  const next = meanMs + (ms - meanMs) / (count + 1);
  return { count: count + 1, meanMs: next, squares: squares + (ms - meanMs) * (ms - next) };
}

/** What is known of the rest of a batch. */
export interface RestOfBatch {
  readonly durations: ReadonlyMap<string, Durations>;
  /** Jobs that have a place, and for how long (ms). */
  readonly running: readonly { readonly workflowId: string; readonly ageMs: number }[];
  /** Jobs without a place, by workflow. */
  readonly toStart: ReadonlyMap<string, number>;
  /** How many jobs may run at once. */
  readonly places: number;
  /** Remaining creations of the key, and the time until the reset (ms). */
  readonly creations?: { readonly left: number; readonly resetInMs: number } | undefined;
}

/** The time for the rest, without jobs that wait for a person. */
export type TimeLeft =
  /** Too few jobs have ended for an estimate. */
  | { readonly type: 'unknown'; readonly ended: number; readonly needed: number }
  /** Between `lowMs` and `highMs` with 80 % probability. */
  | { readonly type: 'range'; readonly ms: number; readonly lowMs: number; readonly highMs: number }
  /** `later` jobs cannot be created before then. */
  | { readonly type: 'not-before'; readonly ms: number; readonly later: number };

/** Below this number, the spread is unknown. */
const LEAST_ENDED = 3;
/** 80 % of a normal distribution lie within this many standard deviations. */
const EIGHT_OF_TEN = 1.2816;
/** A minimum of uncertainty, because servers have slow hours. */
const LEAST_DOUBT = 0.1;

interface Forecast {
  readonly meanMs: number;
  /** Variance of one job, in ms². */
  readonly variance: number;
  /** Variance of the mean, in ms². */
  readonly doubt: number;
}

const forecastOf = ({ count, meanMs, squares }: Durations): Forecast => {
  const variance = squares / Math.max(1, count - 1);
  return { meanMs, variance, doubt: variance / count };
};

const pooled = (all: Iterable<Durations>): Durations => {
  let sum = noDurations;
  for (const { count, meanMs, squares } of all) {
    const total = sum.count + count;
    if (count === 0) continue;
    const apart = meanMs - sum.meanMs;
    sum = {
      count: total,
      meanMs: sum.meanMs + (apart * count) / total,
      squares: sum.squares + squares + (apart * apart * sum.count * count) / total,
    };
  }
  return sum;
};

/** An overdue job may take as much longer as jobs differ. */
const restOf = ({ meanMs, variance }: Forecast, ageMs: number): number =>
  Math.max(meanMs - ageMs, Math.sqrt(variance) / 2);

/**
 * Estimates the time for the rest of a batch from the durations so far: the remaining work, divided among the places. The range
 * reflects how much jobs differ, and how few have ended.
 */
export function timeLeft({ durations, running, toStart, places, creations }: RestOfBatch): TimeLeft {
  const starts = [...toStart.values()].reduce((sum, count) => sum + count, 0);
  if (creations !== undefined && starts > creations.left && creations.resetInMs > 0)
    return { type: 'not-before', ms: creations.resetInMs, later: starts - creations.left };
  const all = pooled(durations.values());
  if (all.count < LEAST_ENDED) return { type: 'unknown', ended: all.count, needed: LEAST_ENDED };
  const forecast = (workflowId: string): Forecast => {
    const own = durations.get(workflowId);
    return forecastOf(own !== undefined && own.count >= LEAST_ENDED ? own : all);
  };
  let [work, variance, longest] = [0, 0, 0];
  for (const { workflowId, ageMs } of running) {
    const rest = restOf(forecast(workflowId), ageMs);
    work += rest;
    variance += forecast(workflowId).variance;
    longest = Math.max(longest, rest);
  }
  for (const [workflowId, count] of toStart) {
    const { meanMs, variance: each, doubt } = forecast(workflowId);
    work += count * meanMs;
    variance += count * each + count * count * doubt;
    if (count > 0) longest = Math.max(longest, meanMs);
  }
  const atOnce = Math.max(1, Math.min(places, running.length + starts));
  const ms = Math.max(work / atOnce, longest);
  const spread = Math.max((EIGHT_OF_TEN * Math.sqrt(variance)) / atOnce, ms * LEAST_DOUBT);
  return { type: 'range', ms, lowMs: Math.max(0, ms - spread), highMs: ms + spread };
}
