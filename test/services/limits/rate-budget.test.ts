import { describe, expect, it } from 'vitest';
import { createRateBudget, type Exchange } from '../../../src/services/limits/rate-budget.js';

const NOW = Date.UTC(2026, 2, 30, 12);
const exchange = (more: Partial<Exchange>): Exchange => ({
  endpoint: 'status',
  sentAt: NOW,
  receivedAt: NOW,
  status: 200,
  ...more,
});

function budgetAfter(...exchanges: readonly Partial<Exchange>[]) {
  const budget = createRateBudget();
  for (const one of exchanges) budget.observe(exchange(one));
  return budget;
}

describe('what is known of an endpoint', () => {
  it('is what the newest reply states, and what an earlier one did beside it', () => {
    expect(budgetAfter({}).snapshot()).toStrictEqual({ status: { shutUntil: 0 } });
    expect(budgetAfter({ limit: 60, remaining: 5, resetAt: NOW + 9 }).snapshot()).toStrictEqual({
      status: { shutUntil: 0, limit: 60, remaining: 5, resetAt: NOW + 9 },
    });
    expect(
      budgetAfter({ limit: 60, remaining: 5, resetAt: NOW + 9 }, { remaining: 4 }).snapshot(),
    ).toStrictEqual({
      status: { shutUntil: 0, limit: 60, remaining: 4, resetAt: NOW + 9 },
    });
    expect(
      budgetAfter({ limit: 60, remaining: 5, resetAt: NOW + 9 }, { limit: 9, resetAt: NOW + 1 }).snapshot(),
    ).toEqual({
      status: { shutUntil: 0, limit: 9, remaining: 5, resetAt: NOW + 1 },
    });
  });

  it('is not what a refusal for concurrency states', () => {
    const known = { limit: 60, remaining: 5, resetAt: NOW + 9 };
    const other = { limit: 1, remaining: 0, resetAt: NOW + 7, limited: 'concurrency' } as const;
    expect(budgetAfter(known, other).snapshot().status).toMatchObject(known);
    expect(budgetAfter(other).snapshot().status).toStrictEqual({ shutUntil: NOW + 7 });
    expect(budgetAfter(known, { ...other, limited: 'quota' }).snapshot().status).toMatchObject({ limit: 1 });
  });
});

describe('when an endpoint is shut', () => {
  it.each([
    ['a remaining of 0', { remaining: 0, resetAt: NOW + 9 }, NOW + 9],
    ['a remaining of 1', { remaining: 1, resetAt: NOW + 9 }, undefined],
    ['no remaining', { resetAt: NOW + 9 }, undefined],
    ['a remaining of 0 without a reset', { remaining: 0 }, undefined],
    ['a time to retry', { retryAt: NOW + 5 }, NOW + 5],
    ['the later of both', { remaining: 0, resetAt: NOW + 9, retryAt: NOW + 5 }, NOW + 9],
    ['a time that has come', { retryAt: NOW }, undefined],
  ])('%s', (_name, more, expected) => {
    expect(budgetAfter(more).mayAt('status', NOW)).toBe(expected);
    expect(budgetAfter(more).mayAt('job', NOW)).toBeUndefined();
  });

  it('it stays so until the time has come, whatever a later reply says', () => {
    const shut = { retryAt: NOW + 9 };
    expect(budgetAfter(shut, { receivedAt: NOW + 8 }).mayAt('status', NOW + 8)).toBe(NOW + 9);
    expect(budgetAfter(shut, { receivedAt: NOW + 8, retryAt: NOW + 8 }).mayAt('status', NOW)).toBe(NOW + 9);
    expect(budgetAfter(shut, { receivedAt: NOW + 9 }).snapshot().status).toEqual({ shutUntil: 0 });
  });
});

describe('what was known before a restart', () => {
  it.each(['catalog', 'upload', 'create', 'job', 'slots', 'confirm', 'status', 'download'])(
    '%s',
    (endpoint) => {
      const budget = createRateBudget();
      budget.restore({ [endpoint]: { shutUntil: NOW + 1 } });
      expect(budget.snapshot()).toEqual({ [endpoint]: { shutUntil: NOW + 1 } });
    },
  );

  it('is left out where no endpoint has that name', () => {
    const budget = createRateBudget();
    budget.restore(JSON.parse('{"other":{"shutUntil":1},"":{"shutUntil":1}}'));
    expect(budget.snapshot()).toEqual({});
  });
});
