import { describe, expect, it } from 'vitest';
import type { GovernorReply } from '../../../../src/engine/lane/reads/governor-state.js';
import type { LimitFacts } from '../../../../src/engine/lane/reads/limit-model.js';
import { createPollGovernor, type PollGovernor } from '../../../../src/engine/lane/reads/poll-governor.js';

const START = 1_700_000_000_000;

interface Seen extends Partial<Pick<LimitFacts, 'kind' | 'isBucket'>> {
  /** Default 100. */
  readonly limit?: number;
  readonly remaining: number;
  /** Of those that are used. */
  readonly own: number;
  readonly leftMs?: number;
}

function read(governor: PollGovernor, at: number, more: Partial<GovernorReply> = {}): void {
  governor.onSend(START + at);
  governor.onReply({ now: START + at, status: 200, ...more });
}
const waitOf = (governor: PollGovernor, at: number, jobs: number): number =>
  governor.nextSendAt(START + at, jobs) - START - at;

/** One read of a limit whose kind is known, while one job executes. */
function seen({ limit = 100, remaining, own, leftMs = 30_000, ...more }: Seen): PollGovernor {
  const governor = createPollGovernor({ random: () => 0.5 });
  const facts = { highest: limit - 1, second: limit - 1, seen: 9, windowMs: 60_000, share: 1 };
  governor.takeOver(START, own - 1, { ...facts, kind: 'moving', isBucket: false, ...more });
  read(governor, 0, { remaining, resetAt: START + leftMs });
  return governor;
}
/** The reset is when all is back. */
const bucket = (more: Seen): PollGovernor =>
  seen({
    ...more,
    isBucket: true,
    leftMs: ((more.limit ?? 100) - more.remaining) * (60_000 / (more.limit ?? 100)),
  });

/** With half of what is used: nine tenths of that, and a tenth of what one job wants. */
const SHARE = 0.9 * 0.5 + 0.1 * 0.1;

describe('a sliding limit that others use, too', () => {
  it.each<[string, Seen, number, number]>([
    ['every two seconds per job', { remaining: 60, own: 20 }, 1, 2_000],
    ['no faster than its share', { remaining: 60, own: 20 }, 10, 600 / (1.02 * SHARE)],
    ['a little faster where little is left', { remaining: 20, own: 40 }, 10, 600 / (1.02 * SHARE + 0.1)],
    ['half as often with half the band', { remaining: 11, own: 40 }, 1, 4_000],
    ['the band is a part of a great limit', { limit: 1_000, remaining: 29, own: 400 }, 1, 4_000],
    ['by its reset, if it is ours alone', { remaining: 60, own: 40 }, 10, 600 / 1.01],
  ])('is read %s', (_, given, jobs, gap) => {
    expect(waitOf(seen(given), 0, jobs)).toBeCloseTo(gap, 2);
  });

  it('is left alone to the reset in the reserve, and for a read of its pace', () => {
    const gap = 600 / (0.97 * SHARE);
    expect(waitOf(seen({ remaining: 4, own: 48 }), 0, 1)).toBeCloseTo(31_000 + 600, 2);
    expect(waitOf(seen({ remaining: 4, own: 48, leftMs: 1 }), 0, 1)).toBeCloseTo(gap + 600, 2);
  });

  it('is left alone to the reset while no job executes', () => {
    expect(waitOf(seen({ remaining: 60, own: 20 }), 0, 0)).toBeCloseTo(31_600, 2);
  });

  it('has what is in flight subtracted', () => {
    const governor = seen({ remaining: 13, own: 40 });
    for (let sent = 0; sent < 2; sent += 1) governor.onSend(START);
    expect(waitOf(governor, 0, 1)).toBeCloseTo(4_000, 2);
  });

  it('opens after a 429 within a read of its pace, or five seconds', () => {
    const openAfter = (given: Seen): number => {
      const governor = seen(given);
      read(governor, 1, { status: 429, retryAt: START + 9_000 });
      return governor.blockedUntil() - START;
    };
    expect(openAfter({ remaining: 60, own: 20 })).toBeCloseTo(9_050 + 0.5 * (500 + 600 / (0.97 * SHARE)), 2);
    expect(openAfter({ remaining: 20, own: 1 })).toBeCloseTo(9_050 + 0.5 * 5_500, 2);
    expect(openAfter({ remaining: 60, own: 20, kind: 'fixed' })).toBe(9_300);
  });
});

describe('a token bucket', () => {
  it.each<[string, Seen, number, number]>([
    ['every two seconds per job', { remaining: 60, own: 20 }, 1, 2_000],
    ['as fast as its jobs want', { remaining: 60, own: 20 }, 10, 200],
    ['also if it is ours alone', { remaining: 60, own: 40 }, 10, 200],
    ['half as often with half the band', { remaining: 19, own: 20 }, 1, 4_000],
    ['the band of a small one is no part of it', { limit: 20, remaining: 11, own: 3 }, 1, 4_000],
    ['at a quarter of its share in the reserve', { remaining: 4, own: 48 }, 1, 600 / (0.25 * SHARE)],
  ])('is read %s', (_, given, jobs, gap) => {
    const governor = bucket(given);
    expect(governor.view().kind).toBe('bucket');
    expect(waitOf(governor, 0, jobs)).toBeCloseTo(gap, 2);
  });
});

describe('a fixed window', () => {
  it('does not wait for a reply after its reset, but another kind does', () => {
    const waitAfter = (kind: 'fixed' | 'moving', ...sent: readonly number[]): number => {
      const governor = seen({ kind, remaining: 60, own: 40, leftMs: 10_000 });
      for (const at of sent) governor.onSend(START + at);
      return waitOf(governor, sent[0] ?? 0, 1) + (sent[0] ?? 0);
    };
    // Of a window of our own, a read and 1.5 % are kept, 2.5 of 100.
    expect(waitAfter('fixed', 12_000)).toBeCloseTo(12_000 + 600 / 0.975, 2);
    expect(waitAfter('moving', 12_000)).toBe(17_000);
    expect(waitAfter('moving', 11_000, 12_000)).toBe(16_000);
  });
});

describe('a clock that is set back', () => {
  const HOUR = 3_600_000;
  const shared: Seen = { kind: 'fixed', remaining: 60, own: 20 };

  /** What is seen 4 s later, with the clock set by so much before it. */
  function seenLater(step: number, more: Partial<GovernorReply> = {}): unknown[] {
    const governor = seen(shared);
    governor.onSend(START + 1_000);
    const wait = waitOf(governor, 1_000, 1);
    const moved = waitOf(governor, 1_000 + step, 1);
    read(governor, 2_000 + step, more);
    const { share, remaining, resetAt } = governor.view();
    const left = (resetAt ?? 0) - START - step;
    const late = waitOf(governor, 31_500 + step, 1);
    return [Math.round(wait - moved), share, remaining, left, Math.round(late)];
  }

  it.each<[string, Partial<GovernorReply>]>([
    ['says nothing', {}],
    ['states what is left', { remaining: 55, resetAt: undefined }],
    ['states that nothing is left', { remaining: 0 }],
  ])('changes no wait and no share, where the next reply %s', (_, more) => {
    expect(seenLater(-HOUR, more)).toEqual(seenLater(0, more));
  });
});
