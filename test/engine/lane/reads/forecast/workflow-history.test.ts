import { describe, expect, it } from 'vitest';
import {
  addRun,
  addToMoments,
  EMPTY_HISTORY,
  type Moments,
  type WorkflowHistory,
} from '../../../../../src/engine/lane/reads/forecast/workflow-history.js';

const none: Moments = { count: 0, mean: 0, spread: 0 };
const momentsOf = (values: readonly number[]): Moments => values.reduce(addToMoments, none);
const run = (durationMs: number, segment = 0, guesses: readonly number[] = []) => ({
  segment,
  durationMs,
  guesses,
});
const history = (...durations: number[]): WorkflowHistory =>
  durations.reduce((past, durationMs) => addRun(past, run(durationMs)), EMPTY_HISTORY);

describe('moments', () => {
  it('are mean and squared deviations', () => {
    const { count, mean, spread } = momentsOf([2, 4, 9]);
    expect([count, mean]).toEqual([3, 5]);
    expect(spread).toBeCloseTo(9 + 1 + 16);
  });

  it('let older runs fade, so that a changed workflow is learned again', () => {
    const before = momentsOf(Array.from({ length: 5_000 }, () => 1));
    const after = Array.from({ length: 300 }, () => 3).reduce(addToMoments, before);
    expect(after.mean).toBeGreaterThan(2.8);
    expect(after.count).toBeLessThanOrEqual(100);
  });

  it('have the weight of a hundred runs at most', () => {
    const hundred = momentsOf(Array.from({ length: 100 }, (_, at) => (at % 2 === 0 ? 1 : 3)));
    expect(hundred.spread).toBeCloseTo(100, 9);
    const more = addToMoments(hundred, 2);
    expect(more.count).toBe(100);
    expect(more.spread).toBeCloseTo(99, 9);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('ignore %d', (value) => {
    expect(addToMoments(momentsOf([1, 2]), value)).toEqual(momentsOf([1, 2]));
  });
});

describe('the history of a workflow', () => {
  it('holds the stretches apart', () => {
    const past = addRun(history(1_000), run(9_000, 2));
    expect(past.segments.map(({ duration }) => duration.count)).toEqual([1, 0, 1]);
    expect(past.segments[2]?.duration.mean).toBeCloseTo(Math.log(9_000));
  });

  it('learns how far the straight line of the progress was off, bin by bin', () => {
    const past = addRun(EMPTY_HISTORY, run(20_000, 0, [Number.NaN, Math.log(10_000)]));
    expect(past.segments[0]?.progress.map(({ count }) => count)).toEqual([0, 1]);
    expect(past.segments[0]?.progress[1]?.mean).toBeCloseTo(Math.log(2));
  });

  it.each([
    run(-5),
    run(Number.NaN),
    run(0),
    run(1_000, -1),
    run(1_000, 0.5),
    run(1_000, 64),
    run(1_000, 1e9),
  ])('leaves out what makes no sense', (nonsense) => {
    expect(addRun(EMPTY_HISTORY, nonsense)).toBe(EMPTY_HISTORY);
  });

  it('has up to 64 stretches', () => {
    expect(addRun(EMPTY_HISTORY, run(1_000, 63)).segments).toHaveLength(64);
  });

  it('is plain JSON', () => {
    const past = addRun(history(1_000), run(5_000, 1, [Math.log(4_000)]));
    expect(JSON.parse(JSON.stringify(past))).toEqual(past);
  });
});
