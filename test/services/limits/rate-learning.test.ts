import { AxiosHeaders, type AxiosResponse } from 'axios';
import { describe, expect, it } from 'vitest';
import { createRateBudget, type Exchange } from '../../../src/services/limits/rate-budget.js';
import { createRateLearner } from '../../../src/services/limits/rate-learning.js';

const NOW = Date.UTC(2026, 2, 30, 12);
const DAY = 86_400_000;

type Headers = Readonly<Record<string, string>>;

const response = (status: number, headers: Headers): AxiosResponse => ({
  status,
  headers: { ...headers },
  statusText: '',
  data: undefined,
  config: { headers: new AxiosHeaders() },
});

/** What the budget was given, and what the caller learned. */
function learned(
  status: number,
  headers: Headers,
  body: unknown = {},
  endpoint: Exchange['endpoint'] = 'status',
  set = 0,
) {
  const seen: Exchange[] = [];
  const budget = { ...createRateBudget(), observe: (exchange: Exchange) => void seen.push(exchange) };
  const learner = createRateLearner(budget, { now: () => NOW, wallOffset: () => set });
  const lesson = learner.learn(endpoint, response(status, headers), body, NOW - 50);
  return { lesson, exchange: seen[0], count: seen.length };
}

const about = (status: number, endpoint = 'status') => ({
  endpoint,
  sentAt: NOW - 50,
  receivedAt: NOW,
  status,
});

describe('a reply that is no 429', () => {
  it('brings its numbers', () => {
    const headers = { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': '30' };
    expect(learned(200, headers)).toStrictEqual({
      lesson: {},
      exchange: { ...about(200), limit: 60, remaining: 5, resetAt: NOW + 30_000 },
      count: 1,
    });
  });

  it('brings Retry-After to the caller too', () => {
    expect(learned(503, { 'retry-after': '7' })).toStrictEqual({
      lesson: { retryAfterAt: NOW + 7_000 },
      exchange: { ...about(503), retryAfterAt: NOW + 7_000 },
      count: 1,
    });
  });
});

describe('a 429', () => {
  const empty = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' };

  it('shuts its limit until the reset', () => {
    const { lesson, exchange } = learned(429, empty);
    expect(lesson).toStrictEqual({ limit: { limit: 'quota', retryAt: NOW + 30_000 } });
    expect(exchange).toStrictEqual({
      ...about(429),
      remaining: 0,
      resetAt: NOW + 30_000,
      limited: 'quota',
      retryAt: NOW + 30_000,
    });
  });

  it('shuts nothing where it names no time', () => {
    expect(learned(429, {})).toStrictEqual({
      lesson: { limit: { limit: 'quota' } },
      exchange: { ...about(429), limited: 'quota' },
      count: 1,
    });
  });

  it.each([
    { error: 'concurrency', message: 'no' },
    { error: 'no', message: '5 concurrent jobs' },
  ])('about jobs at once brings no numbers: %j', (body) => {
    const headers = { 'x-ratelimit-limit': '9', 'x-ratelimit-remaining': '3', 'retry-after': '7' };
    expect(learned(429, headers, body, 'create')).toStrictEqual({
      lesson: { retryAfterAt: NOW + 7_000, limit: { limit: 'concurrency', retryAt: NOW + 7_000 } },
      exchange: { ...about(429, 'create'), limited: 'concurrency' },
      count: 1,
    });
  });

  it('about jobs at once shuts a window that is spent as well', () => {
    const { exchange } = learned(429, empty, { error: 'concurrency' }, 'confirm');
    expect(exchange).toStrictEqual({
      ...about(429, 'confirm'),
      limited: 'concurrency',
      retryAt: NOW + 30_000,
    });
  });
});

describe('the time of a reset', () => {
  const inTwoDays = { 'x-ratelimit-reset': String(NOW + 1.9 * DAY) };
  it('may be two days away for creations alone', () => {
    expect(learned(200, inTwoDays, {}, 'create').exchange?.resetAt).toBe(NOW + 1.9 * DAY);
    expect(learned(200, inTwoDays, {}, 'confirm').exchange?.resetAt).toBeUndefined();
  });

  const in30 = { 'x-ratelimit-reset': String(NOW + 30_000) };
  it('is corrected by what our clock was set by, or by the date of the server', () => {
    expect(learned(200, in30, {}, 'status', 4_000).exchange?.resetAt).toBe(NOW + 26_000);
    const dated = { ...in30, date: new Date(NOW + 9_000).toUTCString() };
    expect(learned(200, dated, {}, 'status', 4_000).exchange?.resetAt).toBe(NOW + 21_000);
  });

  it('is corrected by the dates of earlier replies', () => {
    const seen: Exchange[] = [];
    const budget = { ...createRateBudget(), observe: (exchange: Exchange) => void seen.push(exchange) };
    const learner = createRateLearner(budget, { now: () => NOW, wallOffset: () => 0 });
    learner.learn('status', response(200, { date: new Date(NOW + 9_000).toUTCString() }), {}, NOW);
    learner.learn('status', response(200, in30), {}, NOW);
    expect(seen[1]?.resetAt).toBe(NOW + 21_000);
  });
});
