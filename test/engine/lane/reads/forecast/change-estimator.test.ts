import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  changedWithin,
  forecastChange,
  hazardAfter,
} from '../../../../../src/engine/lane/reads/forecast/change-estimator.js';
import {
  createProgressTrack,
  noteProgress,
} from '../../../../../src/engine/lane/reads/forecast/progress-model.js';
import {
  addRun,
  EMPTY_HISTORY,
  type SegmentHistory,
} from '../../../../../src/engine/lane/reads/forecast/workflow-history.js';

/** What runs of about so long have taught, a fifth more or less. */
function learned(durationMs: number, runs = 20): SegmentHistory | undefined {
  let history = EMPTY_HISTORY;
  for (let at = 0; at < runs; at += 1) {
    history = addRun(history, { segment: 0, durationMs: durationMs * (at % 2 ? 1.2 : 0.83), guesses: [] });
  }
  return history.segments[0];
}

/** Time after the reading by which the job has changed with even odds. */
function medianAfter(forecast: ReturnType<typeof forecastChange>): number {
  let at = 1;
  while (changedWithin(forecast, at) < 0.5 && at < 1e9) at *= 1.02;
  return at;
}

describe('the forecast of a change', () => {
  it('is a distribution, with any input', () => {
    const any = fc.oneof(fc.double(), fc.constantFrom(0, -1, Number.NaN, 1e300));
    fc.assert(
      fc.property(any, any, fc.double({ min: 0, max: 1e7, noNaN: true }), (ageMs, progress, sinceMs) => {
        const track = createProgressTrack();
        noteProgress(track, ageMs, progress);
        const forecast = forecastChange(ageMs, learned(60_000), track);
        const changed = changedWithin(forecast, sinceMs);
        expect(changed).toBeGreaterThanOrEqual(-1e-9);
        expect(changed).toBeLessThanOrEqual(1);
        expect(changedWithin(forecast, sinceMs + 5_000)).toBeGreaterThanOrEqual(changed - 1e-9);
        expect(hazardAfter(forecast, sinceMs)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('has the hazard that its distribution has', () => {
    const forecast = forecastChange(40_000, learned(60_000), undefined);
    for (const sinceMs of [1_000, 10_000, 30_000, 90_000]) {
      const [before, after] = [changedWithin(forecast, sinceMs - 1), changedWithin(forecast, sinceMs + 1)];
      const hazard = (after - before) / 2 / (1 - (before + after) / 2);
      expect(hazardAfter(forecast, sinceMs) / hazard).toBeCloseTo(1, 3);
    }
  });

  it('has a hazard at its very beginning, where only the tail counts', () => {
    const fresh = forecastChange(0, undefined, undefined);
    const tail = 0.1 / 30_000;
    expect([hazardAfter(fresh, 0), hazardAfter(fresh, 0.5)]).toEqual([tail, tail]);
    expect(hazardAfter(fresh, 2)).toBeCloseTo(tail, 9);
  });

  it('expects two minutes, give or take a factor e, and one job in ten never to follow any rule', () => {
    const fresh = forecastChange(0, undefined, undefined);
    expect(fresh).toEqual({ ageMs: 0, mean: Math.log(120_000), sd: 1, survival: 1 });
    // Half of the nine, and a fifth of the tenth, which halves within 30 s.
    expect(forecastChange(120_000, undefined, undefined).survival).toBeCloseTo(0.9 / 2 + 0.1 / 5, 6);
    expect(changedWithin(fresh, 120_000)).toBeCloseTo(1 - 0.47, 6);
    expect(changedWithin(forecastChange(120_000, undefined, undefined), 0)).toBe(0);
  });

  it('weighs what it assumed like half a run', () => {
    const once = addRun(EMPTY_HISTORY, { segment: 0, durationMs: 60_000, guesses: [] }).segments[0];
    const { mean, sd } = forecastChange(0, once, undefined);
    expect(Math.exp(mean)).toBeCloseTo(120_000 / 2 ** (2 / 3), 3);
    const spread = 0.5 + (Math.LN2 ** 2 * 0.5) / 1.5;
    expect(sd ** 2).toBeCloseTo((spread / 1.5) * (1 + 1 / 1.5), 9);
  });

  it('has the more to go by the more runs there were, and doubts them as far as they are from what it assumed', () => {
    const run = { segment: 0, durationMs: 60_000, guesses: [] };
    const twice = addRun(addRun(EMPTY_HISTORY, run), run).segments[0];
    const spread = 0.5 + (Math.LN2 ** 2 * 0.5 * 2) / 2.5;
    expect(forecastChange(0, twice, undefined).sd ** 2).toBeCloseTo((spread / 2.5) * (1 + 1 / 2.5), 9);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -5])('takes an age of %d for none', (age) => {
    expect(forecastChange(age, undefined, undefined).ageMs).toBe(0);
  });

  it('is never certain to less than four thousandths', () => {
    let history = EMPTY_HISTORY;
    for (let run = 0; run < 5_000; run += 1)
      history = addRun(history, { segment: 0, durationMs: 120_000, guesses: [] });
    const track = createProgressTrack();
    noteProgress(track, 118_000, 99);
    const [segment] = history.segments;
    const precise = segment && { ...segment, duration: { ...segment.duration, count: 1e9, spread: 0 } };
    expect(forecastChange(0, precise, undefined).sd).toBe(0.004);
  });

  it('follows the history', () => {
    expect(medianAfter(forecastChange(0, learned(60_000), undefined))).toBeGreaterThan(50_000);
    expect(medianAfter(forecastChange(0, learned(60_000), undefined))).toBeLessThan(70_000);
    expect(medianAfter(forecastChange(0, learned(600_000), undefined))).toBeGreaterThan(450_000);
  });

  it('is more certain the more it has seen', () => {
    const sd = (runs: number): number => forecastChange(0, learned(60_000, runs), undefined).sd;
    expect(sd(2)).toBeGreaterThan(sd(5));
    expect(sd(5)).toBeGreaterThan(sd(50));
    expect(sd(50)).toBeGreaterThan(0.1);
  });

  it('joins history and progress, each by its precision', () => {
    const track = createProgressTrack();
    noteProgress(track, 30_000, 90);
    const without = medianAfter(forecastChange(30_000, learned(120_000), undefined));
    const withProgress = medianAfter(forecastChange(30_000, learned(120_000), track));
    expect(withProgress).toBeLessThan(without / 2);
  });

  it.each([
    [2, 0.7],
    [20, 0.5],
    [40, 0.4],
    [60, 0.25],
    [80, 0.15],
    [95, 0.1],
  ])('trusts a progress of %d %% to %d', (progress, sd) => {
    const track = createProgressTrack();
    noteProgress(track, 30_000, progress);
    const forecast = forecastChange(30_000, undefined, track);
    // Two independent estimates, of which the other has the sd 1.
    expect(forecast.sd).toBeCloseTo(1 / Math.sqrt(1 + 1 / sd ** 2), 9);
    const line = Math.log((30_000 * 100.5) / (progress + 0.5));
    expect(forecast.mean).toBeCloseTo((Math.log(120_000) + line / sd ** 2) / (1 + 1 / sd ** 2), 9);
  });

  it('learns how far the straight line is off at a progress, with the weight of one run for its assumption', () => {
    const track = createProgressTrack();
    noteProgress(track, 30_000, 50);
    const line = track.latest;
    const history = addRun(EMPTY_HISTORY, { segment: 0, durationMs: 120_000, guesses: track.guesses });
    const { mean, sd } = forecastChange(30_000, history.segments[0], track);
    const off = Math.log(120_000) - line;
    const variance = ((0.4 ** 2 + off ** 2 / 2) / 2) * (1 + 1 / 2);
    // The other estimate: one run of what was assumed.
    const other = (0.5 / 1.5) * (1 + 1 / 1.5);
    expect(sd ** 2).toBeCloseTo(1 / (1 / variance + 1 / other), 9);
    expect(mean).toBeCloseTo(
      ((line + off / 2) / variance + Math.log(120_000) / other) / (1 / variance + 1 / other),
      9,
    );
  });

  it('does not expect a job for ever that has outlived all predictions', () => {
    const due = forecastChange(60_000, learned(60_000), undefined);
    const overdue = forecastChange(600_000, learned(60_000), undefined);
    expect(hazardAfter(due, 1_000)).toBeGreaterThan(10 * hazardAfter(overdue, 1_000));
    expect(hazardAfter(overdue, 1_000)).toBeGreaterThan(0);
  });
});

describe('progress', () => {
  it('is a straight line from where the stretch began', () => {
    const track = createProgressTrack(50);
    noteProgress(track, 10_000, 75);
    // The server rounds down: 25 to 26 of 50 are done after 10 s.
    expect(Math.exp(track.latest)).toBeCloseTo((10_000 * 50.5) / 25.5, 6);
    noteProgress(track, 20_000, 100);
    expect(Math.exp(track.latest)).toBeCloseTo(20_000, 6);
  });

  it('begins at 0 where it began nowhere, and never so late that nothing is left', () => {
    for (const base of [-1, 101, Number.NaN])
      expect(createProgressTrack(base)).toEqual(createProgressTrack());
    expect(createProgressTrack(100).base).toBe(100);
    const track = createProgressTrack(100);
    noteProgress(track, 10_000, 100);
    expect(track).toMatchObject({ bin: -1, guesses: [] });
  });

  it.each([
    [1, -1],
    [2, 0],
    [19, 0],
    [20, 1],
    [39, 1],
    [40, 2],
    [59, 2],
    [60, 3],
    [79, 3],
    [80, 4],
    [94, 4],
    [95, 5],
    [100, 5],
  ])('of %d %% is kept for the part %d of the way, for what is learned at the end', (progress, bin) => {
    const track = createProgressTrack();
    noteProgress(track, 10_000, progress);
    expect(track.bin).toBe(bin);
    expect(track.guesses).toHaveLength(bin + 1);
    expect(track.guesses.slice(0, -1).every(Number.isNaN)).toBe(true);
    if (bin >= 0) expect(track.guesses[bin]).toBe(track.latest);
  });

  it('counts from where the stretch began, and says nothing before 2 % of it', () => {
    const track = createProgressTrack(40);
    noteProgress(track, 10_000, 41);
    expect(track.bin).toBe(-1);
    noteProgress(track, 10_000, 42);
    expect(track.bin).toBe(2);
    for (const ageMs of [0, -1, Number.NaN]) noteProgress(track, ageMs, 95);
    expect(track.bin).toBe(2);
    // It began elsewhere than at what is shown now.
    noteProgress(track, 10_000, 30);
    expect(track.base).toBe(0);
    expect(Math.exp(track.latest)).toBeCloseTo((10_000 * 100.5) / 30.5, 6);
  });

  it.each([-1, 101, Number.NaN, undefined])('says nothing where it is %d', (progress) => {
    const track = createProgressTrack();
    noteProgress(track, 10_000, progress);
    expect(track).toEqual(createProgressTrack());
  });

  it('says nothing at the very start, and may run backwards', () => {
    const track = createProgressTrack();
    noteProgress(track, 10_000, 1);
    expect(track.bin).toBe(-1);
    noteProgress(track, 10_000, 70);
    noteProgress(track, 12_000, 30);
    expect(track.bin).toBe(1);
    expect(Number.isFinite(track.latest)).toBe(true);
  });
});
