import { describe, expect, it } from 'vitest';
import { createRateBudget, type RateBudget } from '../../src/services/index.js';
import { limitKind } from '../../src/services/limits/limit-kind.js';
import { FARTHEST_RESET_MS, parseRateHeaders, parseTime } from '../../src/services/limits/rate-headers.js';
import { cautiousSkewMs, narrowSkew } from '../../src/services/time/clock-skew.js';
import { failureOf } from '../support/failure-of.js';
import { json } from '../support/http-server.js';
import { withSample } from './sample-client.js';

const NOW = Date.UTC(2026, 2, 30, 12);
const MINUTE = 60_000;
const DAY = 86_400_000;
const job = { jobSpecId: 'job_789' };

describe('a time in a header, in every form that is in use', () => {
  const in30 = NOW + 30_000;
  it.each([
    ['epoch seconds', String(in30 / 1e3), in30 + 999],
    ['epoch seconds with a fraction', String((in30 + 250) / 1e3), in30 + 250],
    ['epoch ms', String(in30), in30],
    ['epoch µs', `${in30}000`, in30],
    ['epoch ns', `${in30}000000`, in30],
    ['seconds from now', '30', in30],
    ['seconds from now with a unit', '30s', in30],
    ['a fraction of seconds from now', '0.5', NOW + 500],
    ['an HTTP date', new Date(in30).toUTCString(), in30 + 999],
    ['ISO', new Date(in30 + 1).toISOString(), in30 + 1],
    ['ISO without a zone, which is UTC', '2026-03-30T12:00:30.5', in30 + 500],
    ['a number, not text', in30, in30],
    ['several headers, of which the latest counts', ['9', String(in30)], in30],
    ['a header that came twice, joined', '9, 30', in30],
    [
      'an HTTP date that came twice, joined',
      `${new Date(NOW).toUTCString()}, ${new Date(in30).toUTCString()}`,
      in30 + 999,
    ],
  ])('%s', (_name, value, at) => expect(parseTime(value, NOW)).toBe(at));

  it.each([
    ['nothing', undefined],
    ['empty text', ''],
    ['words', 'soon'],
    ['NaN', 'NaN'],
    ['the past', String(NOW - DAY)],
    ['a week ahead', String(NOW + 7 * DAY)],
    ['a negative', '-60'],
  ])('%s is not believed', (_name, value) => expect(parseTime(value, NOW)).toBeUndefined());

  it('is corrected by the skew where it is absolute, and only there', () => {
    const ahead = 5 * MINUTE;
    expect(parseTime(String(in30 + ahead), NOW, ahead)).toBe(in30);
    expect(parseTime('30', NOW, ahead)).toBe(in30);
  });
});

describe('the headers of limits', () => {
  it('are read, and what cannot be meant is left out', () => {
    const headers = { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' };
    expect(parseRateHeaders(headers, NOW)).toEqual({ limit: 60, remaining: 0, resetAt: NOW + 30_000 });
    const odd = { 'x-ratelimit-limit': 'many', 'x-ratelimit-remaining': '-1', 'retry-after': 'x' };
    expect(parseRateHeaders(odd, NOW)).toEqual({});
    const twoDays = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String((NOW + 1.9 * DAY) / 1e3) };
    expect(parseRateHeaders(twoDays, NOW).resetAt).toBe(NOW + 1.9 * DAY + 999);
    expect(parseRateHeaders(twoDays, NOW, 0, FARTHEST_RESET_MS)).toEqual({ remaining: 0 });
    const twice = { 'x-ratelimit-remaining': '7, 3', 'x-ratelimit-reset': '5, ' };
    expect(parseRateHeaders(twice, NOW)).toEqual({ remaining: 3, resetAt: NOW + 5_000 });
  });
});

describe('the skew of the clocks', () => {
  it('narrows with each exchange, and is never taken for less waiting than is needed', () => {
    const trueSkew = 90_000;
    const at = (ms: number) => ({
      sentAt: NOW + ms,
      header: new Date(NOW + ms + 20 + trueSkew).toUTCString(),
      receivedAt: NOW + ms + 40,
    });
    let skew: ReturnType<typeof narrowSkew>;
    let width = Number.POSITIVE_INFINITY;
    for (const ms of [0, 130, 1_270, 2_410, 3_990]) {
      const { sentAt, header, receivedAt } = at(ms);
      skew = narrowSkew(skew, header, sentAt, receivedAt);
      const known = skew ?? { low: 0, high: 0 };
      expect(known.low).toBeLessThanOrEqual(trueSkew);
      expect(known.high).toBeGreaterThanOrEqual(trueSkew);
      expect(known.high - known.low).toBeLessThanOrEqual(width);
      width = known.high - known.low;
    }
    expect(width).toBeLessThan(1_040);
    expect(cautiousSkewMs(skew)).toBeLessThanOrEqual(trueSkew);
  });

  it('starts over where a clock was set, and ignores what is no date', () => {
    const first = narrowSkew(undefined, new Date(NOW).toUTCString(), NOW, NOW + 10);
    expect(narrowSkew(first, 'yesterday', NOW, NOW)).toEqual(first);
    const second = narrowSkew(first, new Date(NOW + DAY).toUTCString(), NOW, NOW + 10);
    expect(second?.low).toBe(DAY - 10);
  });
});

describe('which limit a 429 is about', () => {
  const about = { endpoint: 'create', said: 'rate_limited Too many requests', now: NOW } as const;
  const tomorrow = NOW + DAY;

  it.each([
    [
      'says concurrent',
      { said: 'concurrent_jobs 5 concurrent jobs allowed', resetAt: tomorrow, remaining: 0 },
    ],
    ['says running', { said: 'limit Too many running jobs', resetAt: tomorrow }],
    ['says nothing, but creations remain', { remaining: 3, resetAt: tomorrow }],
    ['says concurrent, at a confirm', { endpoint: 'confirm' as const, said: 'too many concurrent jobs' }],
  ])('%s: too many jobs at once, and no reset to wait for', (_name, more) => {
    expect(limitKind({ ...about, ...more })).toEqual({ limit: 'concurrency' });
  });

  it('takes a near Retry-After as a hint for jobs at once, and one of a day for a reset in disguise', () => {
    const said = 'too many concurrent jobs';
    expect(limitKind({ ...about, said, retryAfterAt: NOW + 7_000 })).toEqual({
      limit: 'concurrency',
      retryAt: NOW + 7_000,
    });
    expect(limitKind({ ...about, said, retryAfterAt: tomorrow })).toEqual({ limit: 'concurrency' });
  });

  it('does not ask for a place before a window that is spent as well', () => {
    const spent = { ...about, endpoint: 'confirm', said: 'too many concurrent jobs', remaining: 0 } as const;
    const resetAt = NOW + 50_000;
    expect(limitKind({ ...spent, resetAt })).toEqual({ limit: 'concurrency', retryAt: resetAt });
    expect(limitKind({ ...spent, resetAt, retryAfterAt: NOW + 7_000 }).retryAt).toBe(resetAt);
    expect(limitKind({ ...spent, resetAt, remaining: 1 })).toEqual({ limit: 'concurrency' });
  });

  it.each([
    ['nothing remains', { remaining: 0, resetAt: tomorrow }, tomorrow],
    ['no numbers', {}, undefined],
    ['a near reset', { remaining: 3, resetAt: NOW + 30_000 }, NOW + 30_000],
    [
      'a poll, whatever it says',
      { endpoint: 'status' as const, said: 'concurrent', remaining: 3, resetAt: NOW + DAY },
      NOW + DAY,
    ],
    ['both times', { resetAt: NOW + 60_000, retryAfterAt: NOW + 5_000 }, NOW + 60_000],
    ['only Retry-After', { retryAfterAt: NOW + 5_000 }, NOW + 5_000],
  ])('%s: the quota', (_name, more, retryAt) => {
    expect(limitKind({ ...about, ...more })).toEqual({ limit: 'quota', ...(retryAt ? { retryAt } : {}) });
  });
});

describe('the budget of a key', () => {
  const exchange = { endpoint: 'status', sentAt: NOW, receivedAt: NOW, status: 200 } as const;

  it('is shut after the last request that is allowed, until the reset, for that endpoint alone', () => {
    const budget = createRateBudget();
    budget.observe({ ...exchange, remaining: 1, resetAt: NOW + MINUTE });
    expect(budget.mayAt('status', NOW)).toBeUndefined();
    budget.observe({ ...exchange, remaining: 0, resetAt: NOW + MINUTE });
    expect(budget.mayAt('status', NOW)).toBe(NOW + MINUTE);
    expect(budget.mayAt('create', NOW)).toBeUndefined();
    expect(budget.mayAt('status', NOW + MINUTE)).toBeUndefined();
  });

  it('stays shut when a reply comes in that was sent before', () => {
    const budget = createRateBudget();
    budget.observe({ ...exchange, status: 429, limited: 'quota', retryAt: NOW + MINUTE });
    budget.observe({ ...exchange, remaining: 5, resetAt: NOW + MINUTE });
    expect(budget.mayAt('status', NOW + 1)).toBe(NOW + MINUTE);
  });

  it('survives a restart', () => {
    const first = createRateBudget();
    first.observe({ ...exchange, remaining: 0, resetAt: NOW + MINUTE });
    const second = createRateBudget();
    second.restore(JSON.parse(JSON.stringify(first.snapshot())));
    expect(second.mayAt('status', NOW)).toBe(NOW + MINUTE);
  });
});

describe('limits over HTTP', () => {
  const create = { workflowId: 'w', fileIds: ['f'] };

  it('nothing is sent while a limit is closed; another endpoint continues', async () => {
    let now = Date.now();
    await withSample(
      ({ path }, response) =>
        path.endsWith('/status')
          ? json(
              response,
              429,
              { error: 'rate_limited' },
              { 'X-RateLimit-Reset': '60', 'X-RateLimit-Remaining': '0' },
            )
          : json(response, 200, { status: 'executing' }),
      async ({ client, server }) => {
        const first = await failureOf(client.getStatus(job));
        expect(first).toMatchObject({
          kind: 'rate-limited',
          limit: 'quota',
          delivery: 'refused',
          retryAt: now + 60_000,
        });
        const second = await failureOf(client.getStatus(job));
        expect(second).toMatchObject({ kind: 'rate-limited', delivery: 'not-sent', retryAt: now + 60_000 });
        expect(server.seen).toHaveLength(1);
        expect(await client.getJob(job)).toMatchObject({ status: 'executing' });
        now += 60_000;
        await failureOf(client.getStatus(job));
        expect(server.seen).toHaveLength(3);
      },
      { now: () => now },
    );
  });

  it('the last reply before the wall shuts the limit without a 429', () =>
    withSample(
      (_request, response) =>
        json(
          response,
          200,
          { status: 'executing' },
          { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '30' },
        ),
      async ({ client, server }) => {
        await client.getStatus(job);
        expect(await failureOf(client.getStatus(job))).toMatchObject({ delivery: 'not-sent' });
        expect(server.seen).toHaveLength(1);
      },
    ));

  it('too many jobs at once, with a reset a day away, leaves the create open', () =>
    withSample(
      (_request, response) =>
        json(
          response,
          429,
          { error: 'concurrency_limit', message: '5 concurrent jobs', code: 429 },
          { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': String(Math.ceil((Date.now() + DAY) / 1e3)) },
        ),
      async ({ client, server }) => {
        for (const _turn of [1, 2]) {
          const failure = await failureOf(client.createJob(create));
          expect(failure).toMatchObject({ kind: 'rate-limited', limit: 'concurrency', delivery: 'refused' });
          expect(failure.retryAt).toBeUndefined();
        }
        expect(server.seen).toHaveLength(2);
      },
    ));

  it.each([
    ['seconds', '7', 7_000],
    ['an HTTP date', new Date(NOW + 7_000).toUTCString(), 7_999],
  ])('Retry-After as %s, also of a 503', (_name, header, ms) =>
    withSample(
      (_request, response) => {
        response.sendDate = false;
        response.writeHead(503, { 'Retry-After': header }).end('<h1>busy</h1>');
      },
      async ({ client }) => {
        expect(await failureOf(client.getStatus(job))).toMatchObject({ kind: 'server', retryAt: NOW + ms });
      },
      { now: () => NOW },
    ),
  );

  it('a server whose clock is minutes ahead is waited for by our clock', () =>
    withSample(
      (_request, response) => {
        response.sendDate = false;
        const there = NOW + 5 * MINUTE;
        const headers = { Date: new Date(there).toUTCString(), 'X-RateLimit-Reset': String(there + 20_000) };
        response.writeHead(429, headers).end();
      },
      async ({ client }) => {
        expect((await failureOf(client.getStatus(job))).retryAt).toBe(NOW + 20_000);
      },
      { now: () => NOW },
    ));

  it('a budget of the host is consulted and updated', async () => {
    const reported: string[] = [];
    const budget: RateBudget = {
      ...createRateBudget(),
      onSend: (endpoint) => void reported.push(`send ${endpoint}`),
      onLost: (endpoint) => void reported.push(`lost ${endpoint}`),
      observe: ({ endpoint, status }) => void reported.push(`${status} ${endpoint}`),
    };
    await withSample(
      ({ path }, response) =>
        path.endsWith('/status') ? void response.destroy() : json(response, 404, { error: 'x' }),
      async ({ client }) => {
        await failureOf(client.getJob(job));
        await failureOf(client.getStatus(job));
      },
      { budget },
    );
    expect(reported).toEqual(['send job', '404 job', 'send status', 'lost status']);
  });
});
