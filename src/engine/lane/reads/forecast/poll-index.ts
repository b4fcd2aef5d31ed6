import { type ChangeForecast, changedWithin, hazardAfter } from './change-estimator.js';

/**
 * The value of reading this job now, `sinceMs` after its last read, in ms of delay per read: the price c at which the read is
 * just worth it.
 *
 * A read costs c, an undetected change costs 1 per ms. V(t) is the minimal future cost after a fresh reading "not changed" at t.
 * Waiting dt longer costs F dt (it may have changed already) and saves f V - (1-F) V' (a change in between ends the job's cost,
 * and the next look starts later): read when F/(1-F) = h V - V'. In the fluid limit a hazard h is best read every sqrt(2c/h), so
 * V' = h V - sqrt(2 c h), and the condition becomes F/(1-F) = sqrt(2 c h), that is
 *
 *   c = odds(F)^2 / (2 h)          F = P(changed since the last read), h = hazard now
 *
 * For a constant hazard this is h a^2/2, the Whittle index of the restart problem to first order.
 */
export function pollIndex(forecast: ChangeForecast, sinceMs: number): number {
  const changed = changedWithin(forecast, sinceMs);
  if (!(changed > 0)) return 0;
  if (changed > 0.999) return Number.MAX_VALUE;
  const odds = changed / (1 - changed);
  return (odds * odds) / (2 * Math.max(hazardAfter(forecast, sinceMs), 1e-12));
}

const STEP = 1.5;
const BISECTIONS = 5;

/**
 * The first time after the last read, in ms within [fromMs, toMs], at which the job is worth `price`; `toMs` if it never is.
 * Takes a constant number of evaluations.
 */
export function timeToPrice(forecast: ChangeForecast, price: number, fromMs: number, toMs: number): number {
  if (pollIndex(forecast, fromMs) >= price) return fromMs;
  let low = fromMs;
  let high = fromMs;
  while (high < toMs) {
    low = high;
    high = Math.min(high * STEP, toMs);
    if (pollIndex(forecast, high) >= price) return bisect(forecast, price, low, high);
  }
  return toMs;
}

function bisect(forecast: ChangeForecast, price: number, from: number, to: number): number {
  let low = from;
  let high = to;
  for (let round = 0; round < BISECTIONS; round += 1) {
    const middle = (low + high) / 2;
    if (pollIndex(forecast, middle) >= price) high = middle;
    else low = middle;
  }
  return high;
}
