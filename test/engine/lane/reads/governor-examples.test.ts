import { describe, expect, it } from 'vitest';
import type { GovernorReply } from '../../../../src/engine/lane/reads/governor-state.js';
import { createPollGovernor, type PollGovernor } from '../../../../src/engine/lane/reads/poll-governor.js';

const START = 1_700_000_000_000;
const DAY = 86_400_000;
const governorOf = (planHint?: number, luck = 0.5): PollGovernor =>
  createPollGovernor({ random: () => luck, ...(planHint === undefined ? {} : { planHint }) });

/** One read and its reply, `at` ms after the start. */
function read(governor: PollGovernor, at: number, more: Partial<GovernorReply> = {}): void {
  governor.onSend(START + at);
  governor.onReply({ now: START + at, status: 200, ...more });
}
const waitOf = (governor: PollGovernor, at: number, jobs = 1): number =>
  governor.nextSendAt(START + at, jobs) - START - at;
const perMinute = (governor: PollGovernor): number => governor.readsPerMs() * 60_000;

/** A limit of 60 a minute that is used by us alone: 59 remain at first, then so many for so long. */
function informed(remaining: number, leftMs: number, luck = 0.5): PollGovernor {
  const governor = governorOf(undefined, luck);
  const resetAt = START + leftMs;
  read(governor, -2_000, { remaining: 59, resetAt });
  read(governor, -1_000, { remaining: 59, resetAt });
  // They count as ours.
  governor.takeOver(START - 500, 59 - remaining, undefined);
  read(governor, 0, { remaining, resetAt });
  return governor;
}

describe('before any header is known', () => {
  it.each([
    [undefined, 60],
    [0.5, 60],
    [1, 1],
    [300, 300],
    [1e6, 1e6],
    [1e6 + 1, 60],
    [Number.NaN, 60],
  ])('a plan of %d reads a minute is taken for %d', (hint, limit) => {
    expect(governorOf(hint).view()).toEqual({ limit, windowMs: 60_000, kind: 'unknown', share: 1 });
    expect(perMinute(governorOf(hint))).toBeCloseTo(Math.max(0.95 * limit, 1), 9);
  });

  it('reads go at that pace, after the first reply', () => {
    const governor = governorOf();
    expect(governor.blockedUntil()).toBe(Number.NEGATIVE_INFINITY);
    expect(waitOf(governor, 0)).toBe(0);
    governor.onSend(START);
    expect(waitOf(governor, 100)).toBe(4_900);
    governor.onReply({ now: START + 200, status: 200 });
    expect(waitOf(governor, 200)).toBeCloseTo(60_000 / 57 - 200, 2);
  });

  it('each refusal slows down by three tenths, to a hundredth, and each reply speeds up a little', () => {
    const governor = governorOf(6_000);
    read(governor, 0, { status: 429 });
    expect(perMinute(governor)).toBeCloseTo(0.95 * 0.7 * 6_000, 6);
    read(governor, 1, { status: 429 });
    expect(perMinute(governor)).toBeCloseTo(0.95 * 0.49 * 6_000, 6);
    read(governor, 2);
    expect(perMinute(governor)).toBeCloseTo(0.95 * 0.49 * 1.002 * 6_000, 6);
    for (let turn = 0; turn < 40; turn += 1) read(governor, 3, { status: 429 });
    expect(perMinute(governor)).toBeCloseTo(0.95 * 0.01 * 6_000, 6);
    for (let turn = 0; turn < 5_000; turn += 1) read(governor, 4);
    expect(perMinute(governor)).toBeCloseTo(0.95 * 6_000, 6);
  });
});

describe('a 429', () => {
  it('without a time is waited out for twice as long each time, to a minute, less a part by chance', () => {
    const governor = governorOf();
    const waits = Array.from({ length: 8 }, () => {
      read(governor, 0, { status: 429 });
      return governor.blockedUntil() - START;
    });
    expect(waits).toEqual([1_500, 3_000, 6_000, 12_000, 24_000, 45_000, 45_000, 45_000]);
    read(governor, 50_000);
    read(governor, 50_000, { status: 429 });
    expect(governor.blockedUntil() - START - 50_000).toBe(1_500);
    for (const [luck, wait] of [
      [0, 1_000],
      [0.9, 1_900],
    ] as const) {
      const other = governorOf(undefined, luck);
      read(other, 0, { status: 429 });
      expect(other.blockedUntil() - START).toBe(wait);
    }
  });

  it.each<[string, Partial<GovernorReply>, number]>([
    ['its time', { retryAt: START + 9_000 }, 9_300],
    ['the reset', { resetAt: START + 9_000 }, 9_300],
    ['the later of both', { retryAt: START + 5_000, resetAt: START + 9_000 }, 9_300],
    ['a day ahead', { retryAt: START + DAY }, DAY + 300],
    ['no time more than a day ahead', { retryAt: START + DAY + 1 }, 1_500],
    ['no time that has passed', { retryAt: START }, 1_500],
  ])('is waited out until %s, and a moment by chance', (_, more, wait) => {
    const governor = governorOf(6_000);
    read(governor, 0, { status: 429, ...more });
    expect(governor.blockedUntil() - START).toBe(wait);
    expect(waitOf(governor, 0)).toBe(wait);
    expect(governor.view().blockedUntil).toBe(START + wait);
    waitOf(governor, wait);
    expect(governor.view().blockedUntil).toBeUndefined();
  });

  it('does not shorten an earlier one', () => {
    const governor = governorOf();
    read(governor, 0, { status: 429, retryAt: START + 60_000 });
    read(governor, 10, { status: 429, retryAt: START + 5_000 });
    expect(governor.blockedUntil() - START).toBe(60_300);
  });

  it('says that nothing is left, and counts as no read of ours', () => {
    const governor = informed(30, 30_000);
    read(governor, 10, { status: 429 });
    expect(governor.view().remaining).toBe(0);
    const blind = governorOf();
    read(blind, 10, { status: 429 });
    expect(blind.view().remaining).toBeUndefined();
  });
});

describe('the even pace of a window that is ours alone', () => {
  it.each([
    // One of those that remain is kept; a second is added to the reset.
    ['spreads what is left to the reset', 31, 30_000, 1, 31_000 / 30],
    ['is hardly above the pace of the plan', 59, 10_000, 1, 1_000 / 1.01],
    ['reads each job every 11 s while more than a few are left', 6, 50_000, 2, 5_500],
    ['but not far above what the plan allows', 6, 50_000, 50, 1_000 / 0.55],
  ])('%s', (_, remaining, leftMs, jobs, gap) => {
    expect(waitOf(informed(remaining, leftMs), 0, jobs)).toBeCloseTo(gap, 1);
  });

  it('waits for the reset where little is left, and then begins by chance', () => {
    expect(waitOf(informed(4, 50_000), 0, 50)).toBeCloseTo(51_000 / 3, 1);
    // Nothing is left: within a read's time after it.
    const gap = 60_000 / (0.97 * 60);
    for (const luck of [0, 0.5, 0.9])
      expect(waitOf(informed(0, 20_000, luck), 0, 50)).toBeCloseTo(21_100 + luck * Math.min(1_000, gap), 1);
    expect(waitOf(informed(0, 90_000), 0, 50)).toBe(90_000);
  });

  it('continues at the pace of the plan after the reset', () => {
    const governor = informed(30, 10_000);
    expect(perMinute(governor)).toBeCloseTo(0.97 * 60, 6);
    governor.onSend(START + 11_500);
    governor.onReply({ now: START + 11_500, status: 200 });
    expect(waitOf(governor, 11_500)).toBeCloseTo(1_000 / 0.97, 1);
  });

  it('waits for the reply of one read after a reset, if nothing shows that all comes back at once', () => {
    const governor = informed(30, 10_000);
    governor.onSend(START + 12_000);
    expect(waitOf(governor, 12_000)).toBe(5_000);
  });

  it('counts reads in flight, for half a minute', () => {
    const governor = informed(31, 60_000);
    for (let sent = 0; sent < 10; sent += 1) governor.onSend(START);
    expect(waitOf(governor, 0)).toBeCloseTo(61_000 / 20, 1);
    for (let lost = 0; lost < 4; lost += 1) governor.onLost(START);
    expect(waitOf(governor, 0)).toBeCloseTo(61_000 / 24, 1);
    // 30 s later they count no more.
    expect(waitOf(governor, 30_000)).toBeCloseTo(31_000 / 24 - 30_000, 1);
    expect(waitOf(governor, 30_001)).toBeCloseTo(30_999 / 30 - 30_001, 1);
  });

  it('is never closer than 10 ms', () => {
    const governor = governorOf();
    read(governor, 0, { remaining: 90_000, resetAt: START + 60_000 });
    read(governor, 0, { remaining: 90_000, resetAt: START + 60_000 });
    expect(waitOf(governor, 0)).toBe(10);
  });

  it('keeps the number of jobs if it makes no sense', () => {
    const wait = waitOf(informed(6, 50_000), 0, 2);
    for (const jobs of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const governor = informed(6, 50_000);
      waitOf(governor, 0, 2);
      expect(waitOf(governor, 0, jobs)).toBe(wait);
    }
  });
});

describe('a clock that is set back', () => {
  it.each([-1_001, -3_600_000])('by %d ms changes no wait', (step) => {
    const later = (ms: number, moved: number): number[] => {
      const governor = informed(31, 30_000);
      for (let sent = 0; sent < 4; sent += 1) governor.onSend(START);
      read(governor, 0, { status: 429, retryAt: START + 5_000, remaining: 20, resetAt: START + 30_000 });
      governor.nextSendAt(START, 1);
      return [waitOf(governor, moved, 1), governor.view().resetAt ?? 0].map((value, at) =>
        at === 0 ? value : value - START - moved - ms,
      );
    };
    expect(later(0, step)[0]).toBe(later(0, 0)[0]);
    expect(later(0, step)[1]).toBe(31_000);
  });

  it('by no more than a second is not taken for set', () => {
    const governor = informed(31, 30_000);
    const at = governor.nextSendAt(START, 1);
    expect(governor.nextSendAt(START - 1_000, 1)).toBeCloseTo(at, -2);
    expect(governor.view().resetAt).toBe(START + 31_000);
  });
});

describe('what a governor takes over', () => {
  it('is what another has learned, and its reads, which others on the key did not make', () => {
    const before = informed(30, 60_000);
    const facts = before.facts();
    expect(facts).toMatchObject({ highest: 59, seen: 3 });
    expect(governorOf().facts()).toBeUndefined();
    const shareAfter = (reads: number): number => {
      const governor = governorOf();
      governor.takeOver(START, reads, facts);
      expect(governor.view().limit).toBe(60);
      read(governor, 10, { remaining: 20, resetAt: START + 60_000 });
      return governor.view().share;
    };
    expect(shareAfter(39)).toBeGreaterThan(0.95);
    expect(shareAfter(10)).toBeLessThan(0.4);
  });
});
