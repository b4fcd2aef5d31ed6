import type { GivenRetryLimits, RetryLimits } from '../job-input.js';

/** The limits with those that were given in the place of the others. */
export const retryLimits = (others: RetryLimits, given: GivenRetryLimits = {}): RetryLimits => ({
  baseMs: given.baseMs ?? others.baseMs,
  capMs: given.capMs ?? others.capMs,
  maxAttempts: given.maxAttempts ?? others.maxAttempts,
  maxTotalMs: given.maxTotalMs ?? others.maxTotalMs,
});
