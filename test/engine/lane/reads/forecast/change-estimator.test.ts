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
    expect(Math.exp(track.latest)).toBeCloseTo(19_804, -2);
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
