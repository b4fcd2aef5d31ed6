import { describe, expect, it } from 'vitest';
import {
  createLimitModel,
  factsOf,
  isInformed,
  type LimitModel,
  limitOf,
  noteFacts,
  noteHeaders,
} from '../../../../src/engine/lane/reads/limit-model.js';

const START = 1_700_000_000_000;
const RESET = START + 60_000;

/** A model that saw the limit of 100 at first, and then, after so many own reads, what remains. */
function afterReads(own: number, remaining: number, executing: number): LimitModel {
  const model = createLimitModel();
  noteHeaders(model, START, 99, RESET, 0);
  noteHeaders(model, START, 99, RESET, 0);
  for (let read = 0; read < own; read += 1) model.counted.add(START + 1_000);
  noteHeaders(model, START + 2_000, remaining, RESET, executing);
  return model;
}

describe('the share of a key', () => {
  it.each([
    // own reads, remaining of 100, executing jobs: what we have used of what is used, and a tenth of what our jobs want
    [10, 60, 1, 0.9 * 0.25 + 0.1 * 0.1],
    [20, 60, 1, 0.9 * 0.5 + 0.1 * 0.1],
    [10, 60, 0, 0.9 * 0.25],
    // no less than the jobs want: one read each in six seconds
    [10, 60, 6, 0.6],
    [10, 60, 20, 1],
    // all is ours
    [40, 60, 1, 1],
    [50, 60, 1, 1],
    [0, 100, 1, 1],
    // hardly anything
    [0, 20, 0, 0.02],
  ])('is right for %d own reads with %d left and %d jobs', (own, remaining, executing, share) => {
    expect(afterReads(own, remaining, executing).share).toBeCloseTo(share, 9);
  });

  it('begins in a window as it ended in the one before, until more is used', () => {
    const model = afterReads(10, 60, 0);
    expect(model.share).toBeCloseTo(0.225, 9);
    const next = RESET + 60_000;
    noteHeaders(model, RESET + 1_000, 95, next, 0);
    expect(model.kind).toBe('fixed');
    // 5 of 100 are used by others; 15 count as used as before.
    expect(model.share).toBeCloseTo((0.9 * (15 * 0.225)) / 20, 9);
    for (let read = 0; read < 20; read += 1) model.counted.add(RESET + 2_000);
    noteHeaders(model, RESET + 3_000, 75, next, 0);
    expect(model.share).toBeCloseTo((0.9 * (20 + 15 * 0.225)) / 40, 9);
  });

  it('counts in a moving limit what was read within the last window, and forgets what is older', () => {
    const model = createLimitModel();
    noteHeaders(model, START, 99, RESET, 0);
    noteHeaders(model, START, 99, RESET, 0);
    for (let read = 0; read < 30; read += 1) model.counted.add(START);
    noteHeaders(model, START + 1_000, 60, START + 2_000, 0);
    noteHeaders(model, START + 2_000, 61, START + 3_000, 0);
    expect(model.kind).toBe('moving');
    expect(model.share).toBeGreaterThan(0.3);
    model.counted.add(START + 61_000);
    noteHeaders(model, START + 61_000, 60, START + 62_000, 0);
    expect(model.share).toBeLessThan(0.1);
    noteHeaders(model, START + 91_000, 60, START + 92_000, 0);
    expect(model.counted.length).toBe(1);
  });
});

describe('a token bucket', () => {
  /** Replies every two seconds, of which the reset is so far from when it would be full. */
  function bucketAt(seconds: number, offMs: number): LimitModel {
    const model = createLimitModel();
    // 60 tokens, one a second.
    for (let second = 0; second <= seconds; second += 2) {
      const now = START + second * 1_000;
      noteHeaders(model, now, 30, now + 30_000 + offMs, 0);
      model.highest = 59;
      model.second = 59;
    }
    return model;
  }

  it.each([
    [10, 0, false],
    [14, 0, true],
    [14, 4_000, true],
    [14, -4_000, true],
    [14, 5_000, false],
    [14, -5_000, false],
  ])('is recognised after %d s, where its reset is off by %d ms: %s', (seconds, offMs, expected) => {
    expect(bucketAt(seconds, offMs).isBucket).toBe(expected);
  });

  it('is none any more once its reset does not fit', () => {
    const model = bucketAt(14, 0);
    noteHeaders(model, START + 16_000, 30, START + 16_000 + 50_000, 0);
    expect(model.isBucket).toBe(false);
    for (const second of [18, 20, 22]) {
      noteHeaders(model, START + second * 1_000, 30, START + second * 1_000 + 30_000, 0);
      expect(model.isBucket).toBe(false);
    }
  });
});

describe('what one process passes to the next', () => {
  it('is nothing while no reply has shown the limit', () => {
    const model = createLimitModel();
    expect(factsOf(model)).toBeUndefined();
    noteHeaders(model, START, 0, RESET, 0);
    expect(factsOf(model)).toBeUndefined();
  });

  it('is what it has learned, without times', () => {
    const model = afterReads(10, 60, 0);
    const facts = factsOf(model);
    expect(JSON.parse(JSON.stringify(facts))).toEqual({
      highest: 99,
      second: 99,
      seen: 3,
      windowMs: 60_000,
      kind: 'unknown',
      isBucket: false,
      share: model.share,
    });
    const next = createLimitModel();
    if (facts !== undefined) noteFacts(next, START, facts);
    expect([limitOf(next), next.share, isInformed(next)]).toEqual([100, model.share, false]);
  });

  it('replaces what remained, unless nothing is left until a reset that is ahead', () => {
    const facts = factsOf(afterReads(10, 60, 0));
    if (facts === undefined) throw new Error('there are some');
    const takenOver = (remaining: number, now: number): LimitModel => {
      const model = createLimitModel();
      noteHeaders(model, START, 9, RESET, 0);
      noteHeaders(model, START, remaining, RESET, 0);
      model.shareBefore = 0.5;
      noteFacts(model, now, facts);
      return model;
    };
    expect(takenOver(5, START)).toMatchObject({ remaining: Number.NaN, resetAt: Number.NaN, highest: 99 });
    expect(takenOver(1, START).remaining).toBeNaN();
    expect(takenOver(0, START)).toMatchObject({ remaining: 0, resetAt: RESET + 1_000, highest: 99 });
    expect(takenOver(0, RESET + 1_000)).toMatchObject({ remaining: Number.NaN, resetAt: Number.NaN });
    expect(takenOver(5, START).shareBefore).toBeNaN();
  });

  it('is a bucket still at the first reply, if it was one and the reply fits', () => {
    const facts = { highest: 59, second: 59, seen: 9, windowMs: 60_000, kind: 'moving', share: 1 } as const;
    const bucketAfter = (isBucket: boolean, left: number): boolean => {
      const model = createLimitModel();
      noteFacts(model, START, { ...facts, isBucket });
      noteHeaders(model, START, 30, START + left, 0);
      return model.isBucket;
    };
    expect([bucketAfter(true, 30_000), bucketAfter(false, 30_000), bucketAfter(true, 50_000)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
