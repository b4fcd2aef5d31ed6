import { describe, expect, it } from 'vitest';
import {
  createLimitModel,
  isInformed,
  knowsLimit,
  type LimitModel,
  limitOf,
  noteHeaders,
} from '../../../../src/engine/lane/reads/limit-model.js';

const START = 1_700_000_000_000;

describe('the model of the limit', () => {
  it('learns limit and window from what the replies say', () => {
    const model = createLimitModel();
    for (let turn = 0; turn < 5; turn += 1) {
      model.counted.add(START + turn * 1_000);
      noteHeaders(model, START + turn * 1_000, 298 - turn, START + 59_000, 5);
    }
    expect(limitOf(model)).toBe(298);
    expect(model.resetAt).toBe(START + 60_000);
  });

  it('does not believe one absurd value among honest ones', () => {
    const model = createLimitModel();
    noteHeaders(model, START, 59, START + 60_000, 5);
    noteHeaders(model, START + 1_000, 90_000, START + 60_000, 5);
    noteHeaders(model, START + 2_000, 57, START + 60_000, 5);
    expect(limitOf(model)).toBe(60);
  });

  it.each([undefined, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e9])(
    'learns nothing from a remaining of %d',
    (remaining) => {
      const model = createLimitModel();
      expect(noteHeaders(model, START, remaining, START + 60_000, 5)).toBe(false);
      expect(isInformed(model)).toBe(false);
    },
  );

  it.each([undefined, Number.NaN, START - 1e9, START + 1e12])(
    'takes a minute for a reset of %d',
    (resetAt) => {
      const model = createLimitModel();
      noteHeaders(model, START, 59, resetAt, 5);
      expect(model.resetAt - START).toBe(61_000);
    },
  );

  it.each([
    [100_000, true],
    [100_001, false],
    [0.5, true],
  ])('believes a remaining of %d: %s', (remaining, isBelieved) => {
    expect(noteHeaders(createLimitModel(), START, remaining, START + 60_000, 5)).toBe(isBelieved);
  });

  it.each([
    [90_000, 90_000],
    [90_001, 60_000],
    [1, 1],
    [0, 0],
    [-5_000, 0],
    [-5_001, 60_000],
  ])('takes a reset in %d ms for one in %d ms', (stated, believed) => {
    const model = createLimitModel();
    noteHeaders(model, START, 59, START + stated, 5);
    // A second later, because a header in whole seconds may be early.
    expect(model.resetAt).toBe(START + believed + 1_000);
    expect(model.windowMs).toBe(Math.max(believed, 60_000));
  });

  it('does not forget how long a window is', () => {
    const model = createLimitModel();
    for (const left of [30_000, 80_000, 20_000]) noteHeaders(model, START, 59, START + left, 5);
    expect(model.windowMs).toBe(80_000);
  });

  it('has the second highest of what remained, and the highest while there is one', () => {
    const limits = (...values: number[]): number[] => {
      const model = createLimitModel();
      return values.map((remaining) => {
        noteHeaders(model, START, remaining, START + 60_000, 5);
        return limitOf(model);
      });
    };
    expect(limits(50, 40, 45, 60, 55, 60)).toEqual([51, 41, 46, 51, 56, 61]);
    expect(limits(1, 0, 1)).toEqual([2, 2, 2]);
  });

  it('keeps to the last reset that could be believed while it lies ahead', () => {
    const model = createLimitModel();
    noteHeaders(model, START, 59, START + 40_000, 5);
    noteHeaders(model, START + 1_000, 58, Number.NaN, 5);
    expect(model.resetAt).toBe(START + 41_000);
    noteHeaders(model, START + 50_000, 57, START + 1e12, 5);
    expect(model.resetAt).toBe(START + 111_000);
  });

  it('learns from a remaining of 0 until when, and not how many', () => {
    const model = createLimitModel();
    expect(noteHeaders(model, START, 0, START + 40_000, 5)).toBe(true);
    expect(model).toMatchObject({ remaining: 0, resetAt: START + 41_000 });
    expect(knowsLimit(model)).toBe(false);
    noteHeaders(model, START + 42_000, 59, START + 100_000, 5);
    expect(limitOf(model)).toBe(60);
  });

  it.each([undefined, Number.NaN, START - 1e9, START - 2_000, START, START + 1e12])(
    'learns nothing from a remaining of 0 until %d, but that it may be until the reset that is known',
    (resetAt) => {
      const model = createLimitModel();
      expect(noteHeaders(model, START, 0, resetAt, 5)).toBe(false);
      noteHeaders(model, START - 3_000, 59, START + 20_000, 5);
      expect(noteHeaders(model, START, 0, resetAt, 5)).toBe(true);
      expect(model).toMatchObject({ remaining: 0, resetAt: START + 21_000, kind: 'unknown' });
      noteHeaders(model, START + 500, 57, START + 20_000, 5);
      expect(model).toMatchObject({ remaining: 57, kind: 'unknown' });
      expect(limitOf(model)).toBe(58);
    },
  );

  it('distinguishes windows that open at once from those that open gradually', () => {
    const fixed = createLimitModel();
    noteHeaders(fixed, START, 3, START + 1_000, 5);
    noteHeaders(fixed, START + 2_000, 59, START + 61_000, 5);
    expect(fixed.kind).toBe('fixed');
    const moving = createLimitModel();
    noteHeaders(moving, START, 3, START + 1_000, 5);
    noteHeaders(moving, START + 2_000, 5, START + 3_000, 5);
    expect(moving.kind).toBe('moving');
    const kindAfter = (remaining: number, reset: number): LimitModel['kind'] => {
      const model = createLimitModel();
      noteHeaders(model, START, 3, START + 10_000, 5);
      noteHeaders(model, START, remaining, START + 10_000 + reset, 5);
      return model.kind;
    };
    // Half a window further is no jump yet; less than one more is no rise.
    expect([kindAfter(4, 30_000), kindAfter(4, 30_001)]).toEqual(['moving', 'fixed']);
    expect([kindAfter(3.5, 40_000), kindAfter(3, 40_000), kindAfter(2, 40_000)]).toEqual([
      'unknown',
      'unknown',
      'unknown',
    ]);
  });

  it('sees that others use the key, and takes no less than its jobs are due', () => {
    const model = createLimitModel();
    for (let turn = 1; turn <= 20; turn += 1) {
      const now = START + turn * 1_000;
      model.counted.add(now);
      noteHeaders(model, now, 300 - 5 * turn, START + 60_000, 5);
    }
    expect(model.share).toBeGreaterThan(0.15);
    expect(model.share).toBeLessThan(0.35);
    const many = 1_000;
    noteHeaders(model, START + 21_000, 190, START + 60_000, many);
    expect(model.share).toBe(1);
  });
});
