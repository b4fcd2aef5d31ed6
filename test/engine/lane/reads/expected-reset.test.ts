import { describe, expect, it } from 'vitest';
import {
  createLimitModel,
  expectedResetAt,
  type LimitModel,
  noteFacts,
  noteHeaders,
  pacedWindowMs,
} from '../../../../src/engine/lane/reads/limit-model.js';

const START = 1_700_000_000_000;
/** The stated reset is so much later than the real one. */
const LATE_MS = 900;

const note = (model: LimitModel, at: number, remaining: number, resetAt: number, sentAt = at): void => {
  noteHeaders(model, START + at, remaining, START + resetAt, 1_000, START + sentAt);
};

/** The last reply of one window at -20 ms, the first of the next `after` ms after its beginning. */
function begun(after: number, lateMs = LATE_MS, windowMs = 60_000): LimitModel {
  const model = createLimitModel();
  note(model, -windowMs, 999, lateMs);
  note(model, -20, 5, lateMs);
  note(model, after, 999, windowMs + lateMs);
  return model;
}
const expectedOf = (model: LimitModel): number => expectedResetAt(model) - START;

describe('the reset up to which a key of our own is spread', () => {
  it.each([
    ['a window after the first reply of this one', begun(30), 60_030],
    ['the stated one, if the first reply came later', begun(1_950), 60_000 + LATE_MS + 1_000],
    ['3 s before the stated one at most', { ...begun(0), resetAt: START + 63_000 }, 60_000],
    ['the stated one, if it is later than that', { ...begun(0), resetAt: START + 63_001 }, 63_001],
    ['a longer window after the first reply of one', begun(30, LATE_MS, 80_000), 80_030 + LATE_MS],
  ])('is %s', (_, model, at) => {
    expect(expectedOf(model)).toBe(at);
  });

  it('is the stated one for a key that others use, a moving limit, and the first window', () => {
    const shared = begun(30);
    shared.share = 0.89;
    const moving = begun(30);
    moving.kind = 'moving';
    const first = createLimitModel();
    note(first, 0, 999, 60_000);
    expect([shared, moving].map(expectedOf)).toEqual([61_900, 61_900]);
    expect(expectedOf(first)).toBe(61_000);
  });

  it('is forgotten with what another process has learned', () => {
    const model = begun(30);
    noteFacts(model, START, { ...model });
    note(model, 100, 990, 60_000 + LATE_MS);
    expect(expectedOf(model)).toBe(61_900);
  });

  it('stays as exact as the most exact of consecutive windows', () => {
    const model = begun(10);
    note(model, 59_900, 3, 60_000 + LATE_MS);
    note(model, 60_200, 999, 120_000 + LATE_MS);
    expect(expectedOf(model)).toBe(120_010);
    note(model, 119_990, 3, 120_000 + LATE_MS);
    note(model, 120_005, 999, 180_000 + LATE_MS);
    expect(expectedOf(model)).toBe(180_005);
  });

  it.each([
    ['a reply of the old window came later', 60_050, 60_200],
    ['replies are rare', 59_100, 60_200],
  ])('is a window after the first reply, where %s', (_, lastAt, firstAt) => {
    const model = begun(10);
    note(model, lastAt, 3, 60_000 + LATE_MS);
    note(model, firstAt, 999, 120_000 + LATE_MS);
    expect(expectedOf(model)).toBe(120_200);
  });
});

describe('the window for which reads are paced', () => {
  it.each([
    [60_000, 60_000],
    [62_000, 60_000],
    [62_001, 62_001],
    [80_000, 80_000],
  ])('of %d ms is taken for one of %d ms', (windowMs, paced) => {
    const model = begun(30);
    model.windowMs = windowMs;
    expect(pacedWindowMs(model)).toBe(paced);
  });

  it('is the one that is stated for a key that others use', () => {
    const model = begun(30);
    model.windowMs = 61_000;
    model.share = 0.89;
    expect(pacedWindowMs(model)).toBe(61_000);
  });
});

describe('a reply that a later one has overtaken', () => {
  it('is no sign of a moving limit, and what it says remains is no longer true', () => {
    const model = begun(30);
    note(model, 200, 990, 60_900, 100);
    note(model, 210, 992, 60_900, 90);
    expect(model).toMatchObject({ kind: 'fixed', remaining: 990 });
    // Sent after the last reply: so much has come back.
    note(model, 220, 992, 60_900, 211);
    expect(model).toMatchObject({ kind: 'moving', remaining: 992 });
  });

  it('is not taken for a new window if it is of the old one', () => {
    const model = begun(30);
    note(model, 40, 4, LATE_MS, -10);
    expect(model).toMatchObject({ kind: 'fixed', remaining: 999, begunBy: START + 30 });
  });

  it('is believed if it shows a new window, or less that remains', () => {
    const model = begun(30);
    note(model, 40, 995, 60_900, 20);
    expect(model.remaining).toBe(995);
    note(model, 60_030, 998, 120_900, 20);
    expect(model.remaining).toBe(998);
  });

  it('is believed where the last one was doubted', () => {
    const model = begun(30);
    note(model, 40, 0, -1e9);
    expect(model.remaining).toBe(0);
    note(model, 50, 997, 60_900, 20);
    expect(model).toMatchObject({ kind: 'fixed', remaining: 997 });
  });
});
