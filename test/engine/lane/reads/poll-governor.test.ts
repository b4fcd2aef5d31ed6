import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPollGovernor, type PollGovernor } from '../../../../src/engine/lane/reads/poll-governor.js';

const START = 1_700_000_000_000;
const governorOf = (planHint?: number): PollGovernor =>
  createPollGovernor({ random: () => 0.5, ...(planHint === undefined ? {} : { planHint }) });

type Told = { status: number; remaining?: number | undefined; resetAt?: number | undefined };

interface Run {
  readonly sent: readonly number[];
  readonly refused: number;
}

/** Sends whenever it may, for so long; each reply comes 80 ms later and says what the server says. */
function drive(governor: PollGovernor, server: (now: number) => Told, ms: number, jobs = 1_000): Run {
  const sent: number[] = [];
  let refused = 0;
  let now = START;
  while (now < START + ms) {
    const at = governor.nextSendAt(now, jobs);
    if (at > now) {
      expect(at).toBeLessThan(Number.POSITIVE_INFINITY);
      now = at;
      continue;
    }
    governor.onSend(now);
    sent.push(now);
    const reported = server(now + 40);
    if (reported.status === 429) refused += 1;
    now += 80;
    governor.onReply({ now, ...reported });
  }
  return { sent, refused };
}

/** A window of a minute that begins at `phase`, of which others take their part evenly. */
function fixedWindow(limit: number, phase = 0, othersPerMinute = 0) {
  let end = 0;
  let used = 0;
  return (now: number): Told => {
    if (now >= end) {
      end = Math.floor((now - phase) / 60_000) * 60_000 + phase + 60_000;
      used = 0;
    }
    const others = Math.floor((1 - (end - now) / 60_000) * othersPerMinute);
    const isAllowed = used + others < limit;
    if (isAllowed) used += 1;
    return { status: isAllowed ? 200 : 429, remaining: Math.max(limit - used - others, 0), resetAt: end };
  };
}

describe('the pace', () => {
  it.each([60, 300, 600])(
    'uses up a limit of %d a minute, learned from the headers alone, and never hits it',
    (limit) => {
      const { sent, refused } = drive(governorOf(), fixedWindow(limit, 17_000), 600_000);
      expect(refused).toBe(0);
      expect(sent.length / (10 * limit)).toBeGreaterThan(0.9);
    },
  );

  it('yields to others on the key who show up only as a shrinking remaining', () => {
    const { sent, refused } = drive(governorOf(), fixedWindow(300, 0, 150), 600_000, 10);
    expect(refused).toBe(0);
    expect(sent.length / 10).toBeGreaterThan(90);
    expect(sent.length / 10).toBeLessThan(155);
  });

  it('sends one request and waits for its reply before anything is known', () => {
    const governor = governorOf();
    expect(governor.nextSendAt(START, 10)).toBeLessThanOrEqual(START);
    governor.onSend(START);
    expect(governor.nextSendAt(START + 10, 10)).toBeGreaterThan(START + 1_000);
    expect(governor.nextSendAt(START + 10, 10)).toBeLessThanOrEqual(START + 5_000);
  });

  it.each([
    [undefined, 60],
    [300, 300],
  ])('goes by the plan (%d) where there are no headers', (hint, limit) => {
    const { sent } = drive(governorOf(hint), () => ({ status: 200 }), 600_000);
    expect(sent.length / (10 * limit)).toBeGreaterThan(0.85);
    expect(sent.length / (10 * limit)).toBeLessThanOrEqual(1);
  });

  it('slows down where there are 429s without headers, and speeds up again', () => {
    let last = 0;
    const strict = (now: number): Told => {
      const isEarly = now - last < 4_000;
      if (!isEarly) last = now;
      return { status: isEarly ? 429 : 200 };
    };
    const governor = governorOf(300);
    const slowed = drive(governor, strict, 600_000);
    expect(slowed.refused).toBeLessThan(60);
    const pace = governor.readsPerMs();
    for (let turn = 0; turn < 2_000; turn += 1) {
      governor.onSend(START + 600_000 + turn * 200);
      governor.onReply({ now: START + 600_000 + turn * 200, status: 200 });
    }
    expect(governor.readsPerMs()).toBeGreaterThan(5 * pace);
  });
});

describe('after a 429', () => {
  it('sends nothing before the reset that came with it', () => {
    const governor = governorOf();
    governor.onSend(START);
    governor.onReply({
      now: START,
      status: 429,
      remaining: 0,
      resetAt: START + 45_000,
      retryAt: START + 45_000,
    });
    expect(governor.nextSendAt(START + 100, 10)).toBeGreaterThan(START + 45_000);
    expect(governor.nextSendAt(START + 100, 10)).toBeLessThan(START + 47_000);
    expect(governor.view().blockedUntil).toBeGreaterThan(START + 45_000);
  });

  it('backs off by itself where no time came with it', () => {
    const governor = governorOf();
    const waits: number[] = [];
    let now = START;
    for (let turn = 0; turn < 9; turn += 1) {
      governor.onSend(now);
      governor.onReply({ now, status: 429 });
      const at = governor.nextSendAt(now, 10);
      waits.push(at - now);
      now = at;
    }
    expect(waits[0]).toBeGreaterThan(500);
    expect(waits[3]).toBeGreaterThan(2 * (waits[1] ?? 0));
    expect(Math.max(...waits)).toBeLessThanOrEqual(61_000);
  });
});

describe('nothing left, until a time that cannot be', () => {
  const LIES: readonly (readonly [string, (now: number) => number | undefined])[] = [
    ['at an unknown time', () => undefined],
    ['NaN', () => Number.NaN],
    ['years ahead', (now) => now + 1e12],
    ['long ago', () => START - 1e9],
    ['just now', (now) => now],
  ];

  it.each(LIES)(
    '%s: does not slow the reads that a plan allows, where it is said each time',
    (_, resetAt) => {
      const lying = (now: number): Told => ({ status: 200, remaining: 0, resetAt: resetAt(now) });
      const governor = governorOf(300);
      expect(drive(governor, lying, 600_000).sent.length).toBeGreaterThan(2_500);
      expect(governor.view().limit).toBe(300);
    },
  );

  it.each(LIES)(
    '%s: holds the reads no longer than to the reset that is known, where it is said once',
    (_, resetAt) => {
      const honest = fixedWindow(300);
      const windowEnd = Math.ceil((START + 1) / 60_000) * 60_000 + 60_000;
      const lieAt = windowEnd - 25_000;
      let hasLied = false;
      const server = (now: number): Told => {
        const reported = honest(now);
        if (hasLied || now < lieAt) return reported;
        hasLied = true;
        return { status: 200, remaining: 0, resetAt: resetAt(now) };
      };
      const { sent, refused } = drive(governorOf(), server, 300_000);
      expect(refused).toBe(0);
      const gaps = sent.map((at, index) => at - (sent[index - 1] ?? at));
      expect(Math.max(...gaps)).toBeGreaterThan(20_000);
      expect(Math.max(...gaps)).toBeLessThan(28_000);
      const after = sent.filter((at) => at > windowEnd + 60_000 && at <= windowEnd + 120_000);
      expect(after.length).toBeGreaterThan(250);
    },
  );

  it('until a time that can be: nothing is read before, and at the pace of the plan from then on', () => {
    const governor = governorOf();
    governor.onSend(START);
    governor.onReply({ now: START + 80, status: 200, remaining: 0, resetAt: START + 40_000 });
    const at = governor.nextSendAt(START + 100, 10);
    expect(at).toBeGreaterThan(START + 40_000);
    expect(at).toBeLessThan(START + 43_000);
  });
});

describe('what cannot be trusted', () => {
  const hostile = fc.oneof(
    fc.constantFrom(
      Number.NaN,
      Number.POSITIVE_INFINITY,
      -1,
      0,
      1e300,
      START,
      START - 1e12,
      START + 1e12,
      undefined,
    ),
    fc.double(),
    fc.integer({ min: -10, max: 2_000 }),
    fc.integer({ min: START - 100_000, max: START + 200_000 }),
  );
  const replies = fc.array(
    fc.record({ status: fc.constantFrom(200, 200, 200, 429, 500), remaining: hostile, resetAt: hostile }),
    { minLength: 1, maxLength: 60 },
  );

  it('neither stalls nor spins it, whatever the headers say', () => {
    fc.assert(
      fc.property(replies, (list) => {
        const governor = governorOf();
        let now = START;
        for (const { status, remaining, resetAt } of list) {
          const at = governor.nextSendAt(now, 20);
          // A day is how long a 429 is believed; nothing else may hold the lane longer than a minute and a half.
          expect(at - now).toBeLessThanOrEqual(86_400_000 + 10_000);
          if (governor.view().blockedUntil === undefined) expect(at - now).toBeLessThanOrEqual(92_000);
          now = Math.max(now, at);
          governor.onSend(now);
          now += 50;
          governor.onReply({ now, status, remaining, resetAt });
          // 10 ms apart at the very least.
          expect(governor.nextSendAt(now, 20)).toBeGreaterThanOrEqual(now - 40);
          expect(governor.readsPerMs()).toBeGreaterThan(0);
          expect(governor.readsPerMs()).toBeLessThan(2);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('heals once the headers are honest again', () => {
    const governor = governorOf();
    for (let turn = 0; turn < 50; turn += 1) {
      governor.onSend(START - 100_000 + turn * 1_000);
      governor.onReply({
        now: START - 100_000 + turn * 1_000,
        status: 200,
        remaining: 99_999,
        resetAt: START + 1e12,
      });
    }
    const { refused, sent } = drive(governor, fixedWindow(300), 600_000);
    expect(sent.length).toBeGreaterThan(600);
    expect(refused).toBeLessThan(60);
  });

  it.each([-3_600_000, 3_600_000])('continues if the clock is set by %d ms', (step) => {
    const governor = governorOf();
    const server = fixedWindow(300);
    let now = START;
    for (let turn = 0; turn < 50; turn += 1) {
      now = Math.max(now, governor.nextSendAt(now, 20));
      governor.onSend(now);
      governor.onReply({ now, ...server(now) });
    }
    now += step;
    const at = governor.nextSendAt(now, 20);
    expect(at - now).toBeLessThanOrEqual(61_000);
    governor.onSend(Math.max(at, now));
    governor.onReply({ now: Math.max(at, now), status: 200, remaining: 250, resetAt: now + 30_000 });
    expect(governor.nextSendAt(Math.max(at, now), 20) - Math.max(at, now)).toBeLessThan(1_000);
  });

  it('does not wait for replies that never come', () => {
    const governor = governorOf();
    governor.onSend(START);
    governor.onReply({ now: START + 80, status: 200, remaining: 59, resetAt: START + 60_000 });
    for (let turn = 0; turn < 58; turn += 1) governor.onSend(START + 100 + turn);
    expect(governor.nextSendAt(START + 1_000, 5)).toBeGreaterThan(START + 5_000);
    for (let turn = 0; turn < 58; turn += 1) governor.onLost(START + 2_000);
    expect(governor.nextSendAt(START + 2_000, 5)).toBeLessThan(START + 5_000);
  });
});

describe('the view', () => {
  it('shows what it assumes', () => {
    const governor = governorOf(300);
    expect(governor.view()).toMatchObject({ limit: 300, kind: 'unknown', share: 1 });
    drive(governor, fixedWindow(60), 180_000);
    expect(governor.view()).toMatchObject({ limit: 60, kind: 'fixed' });
    expect(governor.view().remaining).toBeLessThan(60);
  });

  it('knows a token bucket by its reset', () => {
    let tokens = 60;
    let at = START;
    const bucket = (now: number): Told => {
      tokens = Math.min(60, tokens + (now - at) / 1_000);
      at = now;
      const isAllowed = tokens >= 1;
      if (isAllowed) tokens -= 1;
      return {
        status: isAllowed ? 200 : 429,
        remaining: Math.floor(tokens),
        resetAt: now + (60 - tokens) * 1_000,
      };
    };
    const governor = governorOf();
    const { refused, sent } = drive(governor, bucket, 600_000, 5);
    expect(governor.view().kind).toBe('bucket');
    expect(refused).toBe(0);
    expect(sent.length).toBeGreaterThan(590);
  });
});
