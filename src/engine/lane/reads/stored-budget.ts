import type { EndpointBudget } from '../../../services/limits/rate-budget.js';
import { FARTHEST_CREATE_RESET_MS } from '../../../services/limits/rate-headers.js';
import { type Clock, wallOffsetOf, wallTimeOf } from '../../binding/clock.js';

type Budgets = Readonly<Record<string, EndpointBudget>>;

function moved(budget: EndpointBudget, byMs: number, latest: number): EndpointBudget {
  const { resetAt, shutUntil } = budget;
  return {
    ...budget,
    ...(resetAt === undefined ? {} : { resetAt: Math.min(resetAt + byMs, latest) }),
    ...(shutUntil === undefined ? {} : { shutUntil: Math.min(shutUntil + byMs, latest) }),
  };
}

const eachMoved = (budgets: Budgets, byMs: number, latest: number): Budgets =>
  Object.fromEntries(
    Object.entries(budgets).map(([endpoint, budget]) => [endpoint, moved(budget, byMs, latest)]),
  );

/** A budget for a store or a screen: with times of the wall clock. */
export const storedBudget = (budgets: Budgets, clock: Clock): Budgets =>
  eachMoved(budgets, wallOffsetOf(clock), Number.POSITIVE_INFINITY);

/**
 * Converts a stored budget to this clock. A budget from the future was stored with a wrong clock: its times move back as if it
 * was stored now. None is further ahead than a limit of creations can be ("Rate Limits").
 */
export function restoredBudget(budgets: Budgets, storedAt: number, clock: Clock): Budgets {
  const ahead = Math.max(storedAt - wallTimeOf(clock), 0);
  return eachMoved(budgets, -ahead - wallOffsetOf(clock), clock.now() + FARTHEST_CREATE_RESET_MS);
}
