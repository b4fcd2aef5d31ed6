import type { EndpointBudget } from '../../../services/limits/rate-budget.js';

/** A header in whole seconds may be up to a second too early. */
const SLACK_MS = 1_000;

/**
 * Epoch ms until which no job may start, because the creations of the day ("Rate Limits") are used up or reserved for jobs that
 * are about to be created; undefined if one may start now.
 */
export function creationsShutUntil(
  known: EndpointBudget | undefined,
  onTheirWay: number,
  now: number,
): number | undefined {
  if (known?.shutUntil !== undefined && known.shutUntil > now) return known.shutUntil;
  const { remaining, resetAt } = known ?? {};
  if (remaining === undefined || resetAt === undefined || resetAt <= now) return undefined;
  return remaining > onTheirWay ? undefined : resetAt + SLACK_MS;
}
