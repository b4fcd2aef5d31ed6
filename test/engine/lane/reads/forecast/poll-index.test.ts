import { describe, expect, it } from 'vitest';
import { forecastChange } from '../../../../../src/engine/lane/reads/forecast/change-estimator.js';
import { pollIndex, timeToPrice } from '../../../../../src/engine/lane/reads/forecast/poll-index.js';
import { addRun, EMPTY_HISTORY } from '../../../../../src/engine/lane/reads/forecast/workflow-history.js';

const minute = Array.from({ length: 20 }).reduce<typeof EMPTY_HISTORY>(
  (past, _, at) => addRun(past, { segment: 0, durationMs: at % 2 ? 54_000 : 66_000, guesses: [] }),
  EMPTY_HISTORY,
).segments[0];

describe('the index of a read', () => {
  it('grows with the time since the last one', () => {
    const forecast = forecastChange(20_000, undefined, undefined);
    const values = [0, 1_000, 5_000, 20_000, 60_000].map((since) => pollIndex(forecast, since));
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(values[0]).toBe(0);
  });

  it('is about h a²/2 where the hazard hardly changes', () => {
    // Far out in the tail 1/(r + t) is all there is, and it is flat.
    const forecast = forecastChange(3_600_000, minute, undefined);
    const hazard = 1 / 3_630_000;
    expect(pollIndex(forecast, 4_000) / ((hazard * 4_000 ** 2) / 2)).toBeCloseTo(1, 1);
  });

  it('puts the job that is about to change before the one that is not', () => {
    const about = forecastChange(58_000, minute, undefined);
    const fresh = forecastChange(5_000, minute, undefined);
    expect(pollIndex(about, 4_000)).toBeGreaterThan(20 * pollIndex(fresh, 4_000));
  });
});

describe('the index of a read that a clock puts before the last one', () => {
  it.each([-1, -5_000])('%d ms is 0', (since) => {
    expect(pollIndex(forecastChange(20_000, minute, undefined), since)).toBe(0);
  });
});

describe('the time at which a job is worth a price', () => {
  // The first time that may be, one that halves the first step, its end, and the end of the second step.
  it.each([2_000, 2_500, 3_000, 4_500])('is %d ms exactly, if it is worth just that then', (at) => {
    const forecast = forecastChange(20_000, undefined, undefined);
    expect(timeToPrice(forecast, pollIndex(forecast, at), 2_000, 90_000)).toBe(at);
  });

  it('is where the index crosses the price', () => {
    const forecast = forecastChange(20_000, undefined, undefined);
    const price = pollIndex(forecast, 9_000);
    const at = timeToPrice(forecast, price, 2_000, 90_000);
    expect(Math.abs(at - 9_000)).toBeLessThan(400);
  });

  it.each([
    ['fresh', 5_000, undefined],
    ['about to change', 50_000, minute],
    ['overdue', 600_000, minute],
  ] as const)('is the first such time, to a fiftieth, for a job that is %s', (_, age, history) => {
    const forecast = forecastChange(age, history, undefined);
    for (const since of [2_500, 4_000, 9_000, 30_000, 80_000]) {
      const price = pollIndex(forecast, since);
      const at = timeToPrice(forecast, price, 2_000, 90_000);
      expect(pollIndex(forecast, at)).toBeGreaterThanOrEqual(price);
      if (at > 2_000) expect(pollIndex(forecast, at * 0.98)).toBeLessThan(price);
    }
  });

  it('is the limit itself where the price is reached nowhere before it', () => {
    const forecast = forecastChange(20_000, undefined, undefined);
    for (const toMs of [2_000, 2_500, 90_000])
      expect(timeToPrice(forecast, pollIndex(forecast, toMs) * 1.001, 2_000, toMs)).toBe(toMs);
  });

  it('is no longer than its bound for a job that has surely changed', () => {
    const surely = forecastChange(119_000, undefined, undefined);
    const certain = { ...surely, mean: Math.log(120_000), sd: 0.004, survival: 0.9 };
    expect(pollIndex(certain, 1e9)).toBe(Number.MAX_VALUE);
    expect(timeToPrice(certain, Number.MAX_VALUE, 2_000, 90_000)).toBeGreaterThan(2_000);
  });

  it.each([
    [0, 2_000],
    [Number.POSITIVE_INFINITY, 90_000],
    [Number.NaN, 90_000],
  ])('stays within its bounds for the price %d', (price, expected) => {
    expect(timeToPrice(forecastChange(20_000, undefined, undefined), price, 2_000, 90_000)).toBe(expected);
  });
});
