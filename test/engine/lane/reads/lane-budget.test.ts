import { describe, expect, it } from 'vitest';
import { createLaneBudget } from '../../../../src/engine/lane/reads/lane-budget.js';
import { createPollGovernor } from '../../../../src/engine/lane/reads/poll-governor.js';
import type { Exchange } from '../../../../src/services/limits/rate-budget.js';

const NOW = 1_700_000_000_000;
const about = (more: Partial<Exchange>): Exchange => ({
  endpoint: 'status',
  sentAt: NOW,
  receivedAt: NOW,
  status: 200,
  ...more,
});

function scene() {
  const governor = createPollGovernor({ random: () => 0 });
  const learned: Exchange[] = [];
  const budget = createLaneBudget({ governor, onLimitLearned: (exchange) => void learned.push(exchange) });
  return { governor, budget, learned };
}

describe('the budget of a lane', () => {
  it('reports each reply, and those of status reads to the governor, too', () => {
    const { governor, budget, learned } = scene();
    const create = about({ endpoint: 'create', remaining: 3, resetAt: NOW + 60_000 });
    const status = about({ remaining: 58, resetAt: NOW + 30_000 });
    budget.observe(create);
    expect(governor.view().remaining).toBeUndefined();
    budget.observe(status);
    expect(governor.view()).toMatchObject({ remaining: 58, resetAt: NOW + 31_000 });
    expect(learned).toEqual([create, status]);
    expect(budget.snapshot()).toMatchObject({ create: { remaining: 3 }, status: { remaining: 58 } });
  });

  it('shuts reads after a 429 until exactly its end', () => {
    const { budget } = scene();
    budget.observe(about({ status: 429, retryAt: NOW + 5_000 }));
    const until = budget.mayAt('status', NOW) ?? 0;
    expect(until).toBeGreaterThan(NOW + 5_000);
    expect(budget.mayAt('status', until - 1)).toBe(until);
    expect(budget.mayAt('status', until)).toBeUndefined();
    expect(budget.mayAt('create', NOW)).toBeUndefined();
  });

  it('counts no read any more that was lost; other requests do not matter', () => {
    const { governor, budget } = scene();
    for (const at of [0, 1, 2]) governor.onSend(NOW + at);
    // Before anything is known, the reply to the first is awaited.
    expect(governor.nextSendAt(NOW + 10, 1)).toBe(NOW + 5_000);
    budget.onLost?.('create', NOW + 10);
    expect(governor.nextSendAt(NOW + 10, 1)).toBe(NOW + 5_000);
    budget.onLost?.('status', NOW + 10);
    expect(governor.nextSendAt(NOW + 10, 1)).toBe(NOW + 5_001);
  });

  it('continues with what was stored', () => {
    const { budget } = scene();
    budget.restore({ create: { remaining: 0, shutUntil: NOW + 9_000 } });
    expect(budget.mayAt('create', NOW)).toBe(NOW + 9_000);
  });
});
