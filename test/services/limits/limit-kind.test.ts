import { describe, expect, it } from 'vitest';
import { type Limited, limitKind, spentUntil } from '../../../src/services/limits/limit-kind.js';

const NOW = 1_000_000;
const MINUTE = 60_000;

const limited = (facts: Partial<Limited>): Limited => ({ endpoint: 'create', said: '', now: NOW, ...facts });

describe('which limit a 429 is about', () => {
  it.each([
    ['no facts', {}, 'quota'],
    ['its words', { said: 'too many concurrent jobs' }, 'concurrency'],
    ['its words, of a confirm', { endpoint: 'confirm', said: 'Job in progress' }, 'concurrency'],
    ['its words, of a read', { endpoint: 'status', said: 'too many concurrent requests' }, 'quota'],
    ['simultaneous', { said: 'Simultaneous jobs' }, 'concurrency'],
    ['parallel', { said: 'parallel runs' }, 'concurrency'],
    ['too many active', { said: 'too many active jobs' }, 'concurrency'],
    ['too many requests', { said: 'too many requests' }, 'quota'],
    ['requests left, no reset', { remaining: 1 }, 'concurrency'],
    ['requests left, a reset far away', { remaining: 1, resetAt: NOW + MINUTE + 1 }, 'concurrency'],
    ['requests left, a reset nearby', { remaining: 1, resetAt: NOW + MINUTE }, 'quota'],
    ['nothing left', { remaining: 0, resetAt: NOW + MINUTE + 1 }, 'quota'],
  ] as const)('%s', (_, facts, limit) => expect(limitKind(limited(facts)).limit).toBe(limit));
});

describe('when a quota opens', () => {
  it.each([
    [{}, undefined],
    [{ resetAt: NOW + 5 }, NOW + 5],
    [{ retryAfterAt: NOW + 7 }, NOW + 7],
    [{ resetAt: NOW + 5, retryAfterAt: NOW + 7 }, NOW + 7],
    [{ resetAt: NOW + 9, retryAfterAt: NOW + 7 }, NOW + 9],
  ])('%j: %j', (facts, retryAt) => {
    const known = retryAt === undefined ? {} : { retryAt };
    expect(limitKind(limited(facts))).toEqual({ limit: 'quota', ...known });
  });
});

describe('when a place for a job may be free', () => {
  const said = 'too many concurrent jobs';

  it.each([
    ['unknown', {}, undefined],
    ['a short hint', { retryAfterAt: NOW + 2 * MINUTE }, NOW + 2 * MINUTE],
    ['a hint of a quota', { retryAfterAt: NOW + 2 * MINUTE + 1 }, undefined],
    ['the window is used up as well', { remaining: 0, resetAt: NOW + MINUTE }, NOW + MINUTE],
    ['the day is used up as well', { remaining: 0, resetAt: NOW + MINUTE + 1 }, undefined],
    ['a reset, with requests left', { remaining: 1, resetAt: NOW + MINUTE }, undefined],
    ['both', { remaining: 0, resetAt: NOW + 5, retryAfterAt: NOW + 3 }, NOW + 5],
  ])('%s', (_, facts, retryAt) => {
    const known = retryAt === undefined ? {} : { retryAt };
    expect(limitKind(limited({ said, ...facts }))).toEqual({ limit: 'concurrency', ...known });
  });
});

describe('until when a window is used up', () => {
  it.each([
    [{ remaining: 0, resetAt: NOW + MINUTE }, NOW + MINUTE],
    [{ remaining: 0, resetAt: NOW + MINUTE + 1 }, undefined],
    [{ remaining: 1, resetAt: NOW + 1 }, undefined],
    [{ resetAt: NOW + 1 }, undefined],
    [{ remaining: 0 }, undefined],
  ])('%j: %j', (facts, at) => expect(spentUntil(limited(facts))).toBe(at));
});
