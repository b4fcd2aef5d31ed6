import type { Failure } from '../services/failure.js';
import type { RetryLimits } from './job-input.js';

export const DEFAULT_RETRY: RetryLimits = { baseMs: 500, capMs: 30_000, maxAttempts: 8, maxTotalMs: 600_000 };

/** How a call has gone so far; reset by its success. */
export interface Setback {
  /** Tries that failed, in a row. */
  readonly attempts: number;
  /** Epoch ms of the first failure of the row. */
  readonly since: number;
  /** Epoch ms until which the next try waits. */
  readonly until: number;
  readonly failure: Failure;
}

/** What to do about a failure. */
export type Verdict = 'rateLimited' | 'backOff' | 'reRead' | 'giveUp' | 'fail';

/** A concurrency limit opens when a job ends, not at the reset of a quota: ask again now and then. */
const CONCURRENCY_PAUSE_MS = 10_000;
/** A 400 may be a lagging replica; one that stays is not. */
const MAX_INVALID_TRANSITIONS = 3;

/** Exponential with full jitter: anywhere between now and the bound, which doubles with each attempt. */
export const backoffUntil = (limits: RetryLimits, attempts: number, at: number, roll: number): number =>
  at + Math.ceil(roll * Math.min(limits.capMs, limits.baseMs * 2 ** Math.min(attempts - 1, 30)));

function pauseUntil(
  limits: RetryLimits,
  failure: Failure,
  attempts: number,
  at: number,
  roll: number,
): number {
  if (failure.kind === 'rate-limited' && failure.limit === 'concurrency') {
    return Math.max(at + Math.ceil(CONCURRENCY_PAUSE_MS * (0.5 + roll)), failure.retryAt ?? 0);
  }
  return Math.max(backoffUntil(limits, attempts, at, roll), failure.retryAt ?? 0);
}

/** The row of failures after one more. */
export function afterFailure(
  limits: RetryLimits,
  before: Setback | undefined,
  failure: Failure,
  at: number,
  roll: number,
): Setback {
  const attempts = (before?.attempts ?? 0) + 1;
  const until = pauseUntil(limits, failure, attempts, at, roll);
  return { attempts, since: before?.since ?? at, until, failure };
}

const isExhausted = (limits: RetryLimits, setback: Setback): boolean =>
  setback.attempts >= limits.maxAttempts || setback.until - setback.since > limits.maxTotalMs;

/** `outcome-unknown` comes here only under the policy to create again. */
const MAY_HEAL: ReadonlySet<Failure['kind']> = new Set([
  'network',
  'server',
  'bad-response',
  'aborted',
  'outcome-unknown',
]);

/** A key that is refused, and a storage URL that the host refuses, say nothing of the job: it lives on (law 7). */
const isAboutJob = ({ kind, delivery }: Failure): boolean =>
  kind !== 'key-refused' && !(kind === 'rejected' && delivery === 'not-sent');

/**
 * Decides on a failure. `guarded` calls (PATCH and confirm) carry an item version: after a conflict, an
 * invalid transition or a lost reply, the job is read again before anything is repeated.
 */
export function judge(limits: RetryLimits, setback: Setback, guarded: boolean): Verdict {
  const { failure } = setback;
  if (failure.kind === 'rate-limited') return judgeLimit(limits, setback);
  if (guarded && failure.kind === 'invalid-transition') {
    return setback.attempts > MAX_INVALID_TRANSITIONS ? 'fail' : 'reRead';
  }
  if (guarded && failure.kind === 'version-conflict')
    return isExhausted(limits, setback) ? 'giveUp' : 'reRead';
  if (!MAY_HEAL.has(failure.kind)) return isAboutJob(failure) ? 'fail' : 'giveUp';
  if (isExhausted(limits, setback)) return 'giveUp';
  return guarded && failure.delivery === 'unknown' ? 'reRead' : 'backOff';
}

/** A limit with a known end is waited for however long it is; one without is a backoff like any other. */
function judgeLimit(limits: RetryLimits, setback: Setback): Verdict {
  const isKnown = setback.failure.retryAt !== undefined || setback.failure.limit === 'concurrency';
  return !isKnown && isExhausted(limits, setback) ? 'giveUp' : 'rateLimited';
}
