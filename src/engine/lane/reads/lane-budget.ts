import { createRateBudget, type Exchange, type RateBudget } from '../../../services/limits/rate-budget.js';
import type { PollGovernor } from './poll-governor.js';

export interface LaneBudgetOptions {
  readonly governor: PollGovernor;
  /** Called when something was learned about a limit; `endpoint` says which. */
  readonly onLimitLearned: (exchange: Exchange) => void;
}

/**
 * The budget that all jobs of a lane share. The governor controls status reads: their turns are counted when granted, so sending
 * one adds nothing. The other endpoints are limited like in a single client.
 */
export function createLaneBudget({ governor, onLimitLearned }: LaneBudgetOptions): RateBudget {
  const base = createRateBudget();
  return {
    mayAt(endpoint, now) {
      if (endpoint !== 'status') return base.mayAt(endpoint, now);
      const until = governor.blockedUntil();
      return until > now ? until : undefined;
    },
    onLost(endpoint, now) {
      if (endpoint === 'status') governor.onLost(now);
    },
    observe(exchange) {
      base.observe(exchange);
      if (exchange.endpoint === 'status') {
        const { receivedAt: now, sentAt, status, remaining, resetAt, retryAt } = exchange;
        governor.onReply({ now, sentAt, status, remaining, resetAt, retryAt });
      }
      onLimitLearned(exchange);
    },
    snapshot: base.snapshot,
    restore: base.restore,
  };
}
