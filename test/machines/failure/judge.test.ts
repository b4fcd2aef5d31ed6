import { describe, expect, it } from 'vitest';
import {
  afterFailure,
  backoffUntil,
  type CallKind,
  DEFAULT_RETRY,
  isStaying,
  judge,
  type Setback,
} from '../../../src/machines/failure/retry-policy.js';
import type { Failure } from '../../../src/services/failure.js';

const LIMITS = { baseMs: 1_000, capMs: 8_000, maxAttempts: 5, maxTotalMs: 60_000 };

const failureOf = (kind: Failure['kind'], more: Partial<Failure> = {}): Failure => ({
  ...{ kind, message: '', advice: '', delivery: 'refused' },
  ...more,
});

/** So many failures of a kind in a row, of which all have cost so much. */
const setbackOf = (failure: Failure, attempts = 1, spentMs = 0): Setback => ({
  ...{ attempts, failure, spentMs, since: 0, until: 0 },
  alike: { attempts, spentMs },
});

const EVERY: readonly CallKind[] = ['before-job', 'lookup', 'about-job', 'guarded'];
const unknown = { delivery: 'unknown' } as const;

describe('judge', () => {
  it.each<[string, CallKind, Failure, number, number, ReturnType<typeof judge>]>([
    ['a server in trouble', 'before-job', failureOf('server', unknown), 1, 0, 'backOff'],
    ['a server in trouble', 'about-job', failureOf('server', unknown), 4, 60_000, 'backOff'],
    ['a server in trouble, too often', 'about-job', failureOf('server', unknown), 5, 0, 'giveUp'],
    ['a server in trouble, for too long', 'about-job', failureOf('server', unknown), 2, 60_001, 'giveUp'],
    ['a lost reply to a PATCH or confirm', 'guarded', failureOf('network', unknown), 1, 0, 'reRead'],
    ['one that never left', 'guarded', failureOf('network', { delivery: 'not-sent' }), 1, 0, 'backOff'],
    ['a lost reply, too often', 'guarded', failureOf('network', unknown), 5, 0, 'giveUp'],
    ['a conflict', 'guarded', failureOf('version-conflict'), 4, 0, 'reRead'],
    ['a conflict that stays', 'guarded', failureOf('version-conflict'), 5, 0, 'giveUp'],
    ['a conflict of nothing with a version', 'about-job', failureOf('version-conflict'), 1, 0, 'backOff'],
    ['an invalid transition', 'guarded', failureOf('invalid-transition'), 3, 0, 'reRead'],
    ['an invalid transition that stays', 'guarded', failureOf('invalid-transition'), 4, 0, 'giveUp'],
    ['an invalid transition of a read', 'about-job', failureOf('invalid-transition'), 1, 0, 'backOff'],
    ['a refusal by the API', 'before-job', failureOf('rejected'), 1, 0, 'giveUp'],
    ['one by a proxy', 'before-job', failureOf('rejected', { speaker: 'proxy' }), 1, 0, 'backOff'],
    ['one of a job that may live', 'about-job', failureOf('rejected'), 1, 45_000, 'backOff'],
    ['one of a job, out of patience', 'about-job', failureOf('rejected'), 1, 45_001, 'giveUp'],
    ['one that says when', 'before-job', failureOf('rejected', { retryAt: 9 }), 4, 99_000, 'backOff'],
    ['one that says when, too often', 'before-job', failureOf('rejected', { retryAt: 9 }), 5, 0, 'giveUp'],
    ['a job that is not known', 'about-job', failureOf('not-found'), 1, 30_000, 'backOff'],
    ['a job that is not known, for long', 'about-job', failureOf('not-found'), 1, 30_001, 'giveUp'],
    ['a name that is not known', 'lookup', failureOf('not-found'), 1, 5_000, 'backOff'],
    ['a name that is not known, for long', 'lookup', failureOf('not-found'), 1, 5_001, 'giveUp'],
    ['a name, refused for another reason', 'lookup', failureOf('rejected'), 1, 45_000, 'backOff'],
    [
      'a URL that the host forbids',
      'about-job',
      failureOf('rejected', { delivery: 'not-sent' }),
      1,
      0,
      'giveUp',
    ],
    [
      'another process that may have created',
      'before-job',
      failureOf('outcome-unknown', unknown),
      1,
      0,
      'backOff',
    ],
  ])('%s (%s)', (_name, call, failure, attempts, spentMs, decision) => {
    expect(judge(LIMITS, setbackOf(failure, attempts, spentMs), call)).toBe(decision);
  });

  it.each(EVERY)('gives up at once what is the last word (%s)', (call) => {
    for (const kind of ['invalid-input', 'file', 'storage', 'internal', 'job-failed', 'key-refused'] as const)
      expect(judge(LIMITS, setbackOf(failureOf(kind)), call)).toBe('giveUp');
    const byProxy = failureOf('key-refused', { speaker: 'proxy' });
    expect(judge(LIMITS, setbackOf(byProxy), call)).toBe('backOff');
  });

  it.each(EVERY)('waits for a limit (%s)', (call) => {
    const open = failureOf('rate-limited');
    expect(judge(LIMITS, setbackOf(open, 4), call)).toBe('rateLimited');
    expect(judge(LIMITS, setbackOf(open, 5), call)).toBe('giveUp');
    expect(judge(LIMITS, setbackOf(open, 1, 60_001), call)).toBe('giveUp');
    for (const known of [{ retryAt: 5 }, { limit: 'concurrency' as const }])
      expect(judge(LIMITS, setbackOf({ ...open, ...known }, 99, 1e9), call)).toBe('rateLimited');
  });
});

describe('backoffUntil', () => {
  it.each([
    [1, 0, 0],
    [1, 1, 1_000],
    [1, 0.5, 500],
    [1, 0.0001, 1],
    [2, 1, 2_000],
    [3, 1, 4_000],
    [4, 1, 8_000],
    [5, 1, 8_000],
    [1_000, 1, 8_000],
  ])('attempt %i, random %d: %i ms', (attempts, random, ms) => {
    expect(backoffUntil(LIMITS, attempts, 50, random)).toBe(50 + ms);
  });
});

describe('afterFailure', () => {
  const limited = (more: Partial<Failure> = {}) => failureOf('rate-limited', more);
  it.each([
    ['heals: from nothing to the bound', failureOf('server'), 0, 0],
    ['heals: from nothing to the bound', failureOf('server'), 1, 1_000],
    ['is refused: from half the bound', failureOf('rejected'), 0, 500],
    ['is refused: to the bound', failureOf('rejected'), 1, 1_000],
    ['says when: not before', failureOf('rejected', { retryAt: 107_000 }), 1, 7_000],
    ['says when, but sooner than the pause', failureOf('server', { retryAt: 100_001 }), 1, 1_000],
    ['limits jobs at a time: 5 to 15 s', limited({ limit: 'concurrency' }), 0, 5_000],
    ['limits jobs at a time: 5 to 15 s', limited({ limit: 'concurrency' }), 1, 15_000],
    ['limits jobs until later', limited({ limit: 'concurrency', retryAt: 190_000 }), 1, 90_000],
    ['limits: like any backoff', limited(), 0, 0],
  ])('what %s (random %#)', (_name, failure, random, pause) => {
    expect(afterFailure(LIMITS, undefined, failure, 100_000, random)).toEqual({
      ...{ attempts: 1, since: 100_000, until: 100_000 + pause, failure },
      spentMs: Math.min(pause, LIMITS.capMs),
      alike: { attempts: 1, spentMs: Math.min(pause, LIMITS.capMs) },
    });
  });

  it('counts tries and time of the row, and apart those of the same kind', () => {
    const first = afterFailure(LIMITS, undefined, failureOf('server'), 0, 1);
    const second = afterFailure(LIMITS, first, failureOf('server'), 1_300, 1);
    expect(second).toMatchObject({ attempts: 2, since: 0, until: 3_300, spentMs: 1_000 + 300 + 2_000 });
    expect(second.alike).toEqual({ attempts: 2, spentMs: 3_300 });
    const other = afterFailure(LIMITS, second, failureOf('rejected'), 3_400, 1);
    expect(other).toMatchObject({ attempts: 3, until: 4_400, spentMs: 3_300 + 100 + 1_000 });
    expect(other.alike).toEqual({ attempts: 1, spentMs: 1_000 });
    expect(isStaying(LIMITS, other)).toBe(false);
  });

  it('takes neither sleep nor a clock that was set for the time of a try', () => {
    const before = setbackOf(failureOf('server'));
    expect(afterFailure(LIMITS, before, failureOf('server'), 3_600_000, 0).spentMs).toBe(60_000);
    expect(afterFailure(LIMITS, { ...before, until: 9_000 }, failureOf('server'), 0, 0).spentMs).toBe(0);
  });

  it('continues from what older releases stored without its costs', () => {
    const old: Setback = { attempts: 2, since: 5, until: 1_000, failure: failureOf('server') };
    expect(judge(LIMITS, old, 'about-job')).toBe('backOff');
    expect(isStaying(LIMITS, old)).toBe(false);
    expect(judge(LIMITS, { ...old, failure: failureOf('rejected') }, 'about-job')).toBe('backOff');
    expect(afterFailure(LIMITS, old, failureOf('server'), 1_000, 0)).toMatchObject({
      ...{ attempts: 3, since: 5, spentMs: 0 },
      alike: { attempts: 1, spentMs: 0 },
    });
  });
});

describe('isStaying', () => {
  it('believes what came three times in a row, or as often as is tried', () => {
    const row = (attempts: number) => setbackOf(failureOf('not-found'), attempts);
    expect([1, 2, 3, 4].map((attempts) => isStaying(LIMITS, row(attempts)))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(isStaying({ ...LIMITS, maxAttempts: 2 }, row(2))).toBe(true);
  });
});

it('keeps the limits that the documents name', () => {
  expect(DEFAULT_RETRY).toEqual({ baseMs: 500, capMs: 30_000, maxAttempts: 8, maxTotalMs: 600_000 });
});
