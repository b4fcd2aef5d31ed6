import { normalDensity, normalUpperTail } from './normal-distribution.js';
import type { ProgressTrack } from './progress-model.js';
import type { Moments, SegmentHistory } from './workflow-history.js';

/**
 * When will this job next change its state? A distribution, not a date.
 *
 *   T        duration of the stretch of execution, from its start to the change
 *   ln T   ~ Normal(mean, sd^2)          the body: what this workflow usually does
 *   S(t)   = (1-w) P(T > t) + w r/(r+t)  the tail w: failures, stalls, what no run has shown yet
 *
 * The body combines two independent estimates by precision (1/variance):
 *   the history of the workflow: mean and variance of ln T over past runs, shrunk towards ln 120 s with sd 1;
 *   the progress: ln T = ln(straight line) + bias + noise, bias and variance learned per bin of progress. A job that is still
 *   executing at age e has T > e, so the time from e to the change is distributed as
 *   F(a) = 1 - S(e+a)/S(e), hazard h(a) = -S'(e+a)/S(e+a). The ratio reweights body and tail automatically: a job that outlives
 *   all predictions belongs to the tail, whose hazard 1/(r+t) decreases, instead of being expected "now" forever.
 */
export interface ChangeForecast {
  /** Age of the stretch at the last reading, when it had not changed, in ms. */
  readonly ageMs: number;
  /** Mean and sd of ln T (T in ms). */
  readonly mean: number;
  readonly sd: number;
  /** S(ageMs). */
  readonly survival: number;
}

/** Weight and scale (ms) of the heavy tail. */
const TAIL_WEIGHT = 0.1;
const TAIL_SCALE_MS = 30_000;

/** Prior before any run is known: ln 120 s, give or take a factor e, with the weight of half a run. */
const PRIOR_MEAN = Math.log(120_000);
const PRIOR_SD = 1;
const PRIOR_RUNS = 0.5;

/** Prior before any run is known: the sd of ln(true / straight line) per bin of progress, with the weight of one run. */
const PROGRESS_SD = [0.7, 0.5, 0.4, 0.25, 0.15, 0.1];
const PROGRESS_RUNS = 1;
/** Progress comes in whole percents and reads are seconds apart, so no learned sd is smaller than this. */
const MIN_SD = 0.004;

interface Belief {
  readonly mean: number;
  readonly variance: number;
}

/** @param ageMs age of the stretch at the last reading */
export function forecastChange(
  ageMs: number,
  history: SegmentHistory | undefined,
  track: ProgressTrack | undefined,
): ChangeForecast {
  const age = Number.isFinite(ageMs) ? Math.max(ageMs, 0) : 0;
  let { mean, variance } = predict(history?.duration, PRIOR_MEAN, PRIOR_SD, PRIOR_RUNS);
  if (track !== undefined && track.bin >= 0 && Number.isFinite(track.latest)) {
    const error = predict(history?.progress[track.bin], 0, PROGRESS_SD[track.bin] ?? 1, PROGRESS_RUNS);
    const precision = 1 / variance + 1 / error.variance;
    mean = (mean / variance + (track.latest + error.mean) / error.variance) / precision;
    variance = 1 / precision;
  }
  const sd = Math.max(Math.sqrt(variance), MIN_SD);
  return { ageMs: age, mean, sd, survival: bodySurvival(age, mean, sd) + tailSurvival(age) };
}

/** Predictive mean and variance of the next value, from a prior with the weight of `weight` runs and the observed values. */
function predict(seen: Moments | undefined, mean: number, sd: number, weight: number): Belief {
  if (seen === undefined || seen.count === 0) return { mean, variance: sd * sd };
  const total = weight + seen.count;
  const off = seen.mean - mean;
  const spread = weight * sd * sd + seen.spread + (off * off * weight * seen.count) / total;
  return { mean: mean + (off * seen.count) / total, variance: (spread / total) * (1 + 1 / total) };
}

function bodySurvival(t: number, mean: number, sd: number): number {
  return t > 0 ? (1 - TAIL_WEIGHT) * normalUpperTail((Math.log(t) - mean) / sd) : 1 - TAIL_WEIGHT;
}

function tailSurvival(t: number): number {
  return (TAIL_WEIGHT * TAIL_SCALE_MS) / (TAIL_SCALE_MS + t);
}

/** Probability that the job has changed within `sinceMs` of its last reading. */
export function changedWithin(forecast: ChangeForecast, sinceMs: number): number {
  const t = forecast.ageMs + sinceMs;
  return 1 - (bodySurvival(t, forecast.mean, forecast.sd) + tailSurvival(t)) / forecast.survival;
}

/** Rate (per ms) at which the job changes at `sinceMs` after its last reading, had it not changed before. */
export function hazardAfter(forecast: ChangeForecast, sinceMs: number): number {
  const t = forecast.ageMs + sinceMs;
  // Below a millisecond the body is negligible, and its formula is 0/0.
  if (!(t >= 1)) return TAIL_WEIGHT / TAIL_SCALE_MS;
  const z = (Math.log(t) - forecast.mean) / forecast.sd;
  const body = (1 - TAIL_WEIGHT) * normalUpperTail(z);
  const tail = tailSurvival(t);
  const density = ((1 - TAIL_WEIGHT) * normalDensity(z)) / (forecast.sd * t) + tail / (TAIL_SCALE_MS + t);
  return density / (body + tail);
}
