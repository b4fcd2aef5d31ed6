import { describe, expect, it } from 'vitest';
import { createLimitModel, type LimitModel } from '../../../../src/engine/lane/reads/limit-model.js';
import {
  freeReads,
  type ReadUse,
  type Spending,
  spentAt,
} from '../../../../src/engine/lane/reads/spend-reads.js';

const NOW = 1_700_000_000_000;
/** Reads per ms: one a second. */
const PACE = 1 / 1_000;
const EVEN = NOW + 800;

/** A fixed window of 100 reads, of which 50 are left for 40 s, used by us alone. */
function spending(model: Partial<LimitModel> = {}, more: Partial<Spending> = {}): Spending {
  const { counted } = createLimitModel();
  const window = { highest: 99, second: 99, seen: 9, windowMs: 60_000, kind: 'fixed', share: 1 } as const;
  const left = { remaining: 50, resetAt: NOW + 40_000, statedResetAt: NOW + 39_000 };
  return {
    model: { ...createLimitModel(), counted, ...window, ...left, ...model },
    inFlight: 0,
    lastSentAt: NOW - 100,
    repliedAt: NOW - 50,
    now: NOW,
    ...more,
  };
}

const sentAt = (use: ReadUse, given: Spending): number => spentAt(given, use, EVEN, PACE) - NOW;

describe('the reads that are free', () => {
  it.each<[string, Partial<LimitModel>, Partial<Spending>, number]>([
    ['all but one, for a key of our own', {}, {}, 49],
    ['with a share of nine tenths', { share: 0.9 }, {}, 49],
    ['all but those in flight', {}, { inFlight: 7 }, 42],
    ['none', { remaining: 3 }, { inFlight: 7 }, 0],
    ['all but a tenth of a small limit', { highest: 4, second: 4, remaining: 4 }, {}, 3.5],
    ['all but what a few others may have sent', { kind: 'moving', share: 0.5 }, {}, 47],
    ['all but what many others may have sent', { kind: 'moving', share: 0.3 }, {}, 45],
    ['all but a tenth of the limit at most', { kind: 'moving', share: 0.02 }, {}, 40],
    [
      'in a fixed window: what others use of it since the last reply',
      { share: 0.5 },
      { repliedAt: NOW - 10_000 },
      44,
    ],
    ['and one that they may have in flight', { share: 0.5 }, { repliedAt: NOW }, 49],
    ['a reply from the future is none', { share: 0.5 }, { repliedAt: NOW + 10_000 }, 49],
    [
      'at the very end of a window',
      { share: 0.5, resetAt: NOW + 100 },
      { repliedAt: NOW - 150 },
      50 - 1 - 7.5,
    ],
  ])('%s', (_, model, more, expected) => {
    expect(freeReads(spending(model, more))).toBeCloseTo(expected, 9);
  });
});

describe('a read that is not due', () => {
  it('waits until two are saved beyond the even pace', () => {
    // 49 are free, 40 are needed until the reset.
    expect(sentAt('early', spending())).toBe(800);
    expect(sentAt('early', spending({ remaining: 41 }))).toBe(2_000);
    expect(sentAt('early', spending({ remaining: 43 }))).toBe(800);
    expect(sentAt('early', spending({ remaining: 31 }))).toBe(12_000);
  });

  it('waits no longer than to the reset', () => {
    expect(sentAt('early', spending({ remaining: 0 }))).toBe(40_000);
  });
});

describe('a read that is due', () => {
  it('leaves at twice the even pace while no more than two reads are borrowed', () => {
    expect(sentAt('due', spending())).toBe(400);
    expect(sentAt('due', spending({ remaining: 40.1 }))).toBe(400);
    expect(sentAt('due', spending({ remaining: 40 }))).toBe(800);
  });

  it('leaves at the even pace where nothing is left to lend', () => {
    const soon = { resetAt: NOW + 500, statedResetAt: NOW };
    expect(sentAt('due', spending({ ...soon, remaining: 2 }))).toBe(400);
    expect(sentAt('due', spending({ ...soon, remaining: 1.9 }))).toBe(800);
    // Not into the next window.
    expect(sentAt('due', spending({ resetAt: NOW + 400 }))).toBe(400);
    expect(sentAt('due', spending({ resetAt: NOW + 399 }))).toBe(800);
  });

  it('leaves no later than at the even pace', () => {
    expect(sentAt('due', spending({}, { lastSentAt: NOW + 700 }))).toBe(800);
  });
});

describe('the even pace is kept', () => {
  it.each<[string, Partial<LimitModel>]>([
    ['with others on the key', { share: 0.89 }],
    ['with a limit that comes back gradually', { kind: 'moving' }],
    ['with a limit of an unknown kind', { kind: 'unknown' }],
    ['where nothing is known', { remaining: Number.NaN }],
    ['from the reset on', { resetAt: NOW }],
  ])('%s', (_, model) => {
    for (const use of ['due', 'early'] as const)
      expect(sentAt(use, spending({ remaining: 41, ...model }))).toBe(800);
  });
});
