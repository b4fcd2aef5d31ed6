import type { Failure, FailureKind } from '../../services/failure.js';
import type { RetryLimits } from '../job-input.js';
import { isSaidByApi } from './said-by-api.js';

export const DEFAULT_RETRY: RetryLimits = { baseMs: 500, capMs: 30_000, maxAttempts: 8, maxTotalMs: 600_000 };

/** The consecutive failures of a call; removed when it succeeds. */
export interface Setback {
  /** Failed attempts in a row. */
  readonly attempts: number;
  /** Epoch ms of the first of these failures. */
  readonly since: number;
  /** Epoch ms before which the next attempt is not made. */
  readonly until: number;
  /** Time spent so far, in ms: attempts and pauses. Waits for a rate limit and time while the machine was asleep do not count. */
  readonly spentMs?: number;
  readonly failure: Failure;
  /**
   * How many of the latest failures in a row were of this kind, and the time spent on them (ms, counted like `spentMs`). Absent
   * in records of older releases.
   */
  readonly alike?: { readonly attempts: number; readonly spentMs: number };
}

/** How to handle a failure. */
export type RetryDecision = 'rateLimited' | 'backOff' | 'reRead' | 'giveUp';

/** What a call is about. This decides what a refusal means. */
export type CallKind =
  /** No job exists yet: a refusal by the API is final, and nothing was started. */
  | 'before-job'
  /** Only the id of the job is known, not whether it exists. */
  | 'lookup'
  /** The job exists: no refusal proves that it is gone (law 7, never disowned). */
  | 'about-job'
  /** Like `about-job`, with an item version (PATCH and confirm): safe to repeat after a re-read. */
  | 'guarded';

/** A concurrency limit opens when a job ends, not when a quota resets: try again at intervals. */
export const CONCURRENCY_PAUSE_MS = 10_000;
/** A 400 may come from a lagging replica. If it stays, it is real. */
const MAX_INVALID_TRANSITIONS = 3;

/** `outcome-unknown` is retried only under the policy `retry`. */
const MAY_HEAL: ReadonlySet<FailureKind> = new Set([
  'network',
  'server',
  'bad-response',
  'aborted',
  'outcome-unknown',
]);

/** Failures on this machine: the server is not involved, and a retry changes nothing. */
export const LOCAL_KINDS: ReadonlySet<FailureKind> = new Set([
  'invalid-input',
  'file',
  'storage',
  'internal',
  'job-failed',
]);

/**
 * How long a refusal about a job that may be alive is retried: ms of attempts and pauses since the first consecutive failure of
 * that kind.
 */
export const PATIENCE_MS: Readonly<Partial<Record<FailureKind, number>>> = {
  'not-found': 30_000,
  gone: 30_000,
};
export const USUAL_PATIENCE_MS = 45_000;
/** An id that was only given to us may be mistyped, or belong to a job that was created a second ago. */
export const LOOKUP_PATIENCE_MS = 5_000;
/** Replies that a wrong id can cause. Any other reply does not depend on the id. */
const ABOUT_A_NAME: ReadonlySet<FailureKind> = new Set([
  'not-found',
  'gone',
  'validation',
  'invalid-transition',
]);

const boundOf = (limits: RetryLimits, attempts: number): number =>
  Math.min(limits.capMs, limits.baseMs * 2 ** Math.min(attempts - 1, 30));

/** No attempt takes longer, unless the machine slept or its clock was set. */
const LONGEST_TRY_MS = 60_000;

/** Exponential backoff with full jitter: between now and a bound that doubles with each attempt. */
export const backoffUntil = (limits: RetryLimits, attempts: number, at: number, random: number): number =>
  at + Math.ceil(random * boundOf(limits, attempts));

/** Backoff between half of the bound and the bound: after a refusal, each pause is longer than the one before. */
const growingUntil = (limits: RetryLimits, attempts: number, at: number, random: number): number =>
  at + Math.ceil((0.5 + random / 2) * boundOf(limits, attempts));

type Row = Pick<Setback, 'attempts' | 'failure'> & { readonly alike: { readonly attempts: number } };

function pauseUntil(
  limits: RetryLimits,
  { failure, attempts, alike }: Row,
  at: number,
  random: number,
): number {
  if (failure.kind === 'rate-limited' && failure.limit === 'concurrency') {
    return Math.max(at + Math.ceil(CONCURRENCY_PAUSE_MS * (0.5 + random)), failure.retryAt ?? 0);
  }
  const isUsual = MAY_HEAL.has(failure.kind) || failure.kind === 'rate-limited';
  const until = isUsual
    ? backoffUntil(limits, attempts, at, random)
    : growingUntil(limits, alike.attempts, at, random);
  return Math.max(until, failure.retryAt ?? 0);
}

/** The setback after one more failure. */
export function afterFailure(
  limits: RetryLimits,
  before: Setback | undefined,
  failure: Failure,
  at: number,
  random: number,
): Setback {
  const attempts = (before?.attempts ?? 0) + 1;
  const same = before?.failure.kind === failure.kind ? before.alike : undefined;
  const count = (same?.attempts ?? 0) + 1;
  const until = pauseUntil(limits, { failure, attempts, alike: { attempts: count } }, at, random);
  const [spent, pause] = [tryMs(before, at), Math.min(until - at, limits.capMs)];
  const alike = { attempts: count, spentMs: pause + (same === undefined ? 0 : spent + same.spentMs) };
  const spentMs = (before?.spentMs ?? 0) + spent + pause;
  return { attempts, since: before?.since ?? at, until, failure, spentMs, alike };
}

/** How long the failed attempt took, counted from the end of the pause before it. */
const tryMs = (before: Setback | undefined, at: number): number =>
  before === undefined ? 0 : Math.min(Math.max(at - before.until, 0), LONGEST_TRY_MS);

const isExhausted = (limits: RetryLimits, { attempts, spentMs = 0 }: Setback): boolean =>
  attempts >= limits.maxAttempts || spentMs > limits.maxTotalMs;

const isDated = ({ retryAt }: Failure): boolean => retryAt !== undefined;

/** If the server named a retry time it is respected, but at most `maxAttempts` times. */
function isOutOfPatience(limits: RetryLimits, setback: Setback, call: CallKind): boolean {
  const { failure, alike } = setback;
  if (isDated(failure)) return setback.attempts >= limits.maxAttempts;
  if (isExhausted(limits, setback)) return true;
  if (MAY_HEAL.has(failure.kind)) return false;
  const usual = PATIENCE_MS[failure.kind] ?? USUAL_PATIENCE_MS;
  const patience = call === 'lookup' && ABOUT_A_NAME.has(failure.kind) ? LOOKUP_PATIENCE_MS : usual;
  return (alike?.spentMs ?? 0) > patience;
}

/** The host does not allow this storage URL: nothing was sent, and a retry changes nothing. */
const isRefusedHere = ({ kind, delivery }: Failure): boolean =>
  kind === 'rejected' && delivery === 'not-sent';

/** Whether the first such failure is final: a local one, one about the key, or, before a job exists, any refusal by the API. */
function isLastWord(failure: Failure, call: CallKind): boolean {
  if (LOCAL_KINDS.has(failure.kind) || isRefusedHere(failure)) return true;
  if (!isSaidByApi(failure)) return false;
  if (failure.kind === 'key-refused') return true;
  return call === 'before-job' && !MAY_HEAL.has(failure.kind) && !isDated(failure);
}

/**
 * Decides how to handle a failure. After a conflict, an invalid transition or a lost reply to a guarded call, the job is read
 * again before anything is repeated. Refusals about a job that may be alive are retried until the patience for their kind is used
 * up (law 7, never disowned).
 */
export function judge(limits: RetryLimits, setback: Setback, call: CallKind): RetryDecision {
  const { failure } = setback;
  const isGuarded = call === 'guarded';
  if (failure.kind === 'rate-limited') return judgeLimit(limits, setback);
  if (isGuarded && failure.kind === 'invalid-transition')
    return setback.attempts > MAX_INVALID_TRANSITIONS ? 'giveUp' : 'reRead';
  if (isGuarded && failure.kind === 'version-conflict')
    return isExhausted(limits, setback) ? 'giveUp' : 'reRead';
  if (isLastWord(failure, call) || isOutOfPatience(limits, setback, call)) return 'giveUp';
  return isGuarded && failure.delivery === 'unknown' ? 'reRead' : 'backOff';
}

/** A limit with a known end is waited for, however long. A limit without one is retried like any other failure. */
function judgeLimit(limits: RetryLimits, setback: Setback): RetryDecision {
  const isKnown = setback.failure.retryAt !== undefined || setback.failure.limit === 'concurrency';
  return !isKnown && isExhausted(limits, setback) ? 'giveUp' : 'rateLimited';
}

/** A single refusal may come from one lagging replica; this many in a row are believed. */
const TIMES_TO_STAY = 3;

/** Whether the same kind of refusal came often enough in a row to be believed. */
export const isStaying = (limits: RetryLimits, { alike }: Setback): boolean =>
  (alike?.attempts ?? 0) >= Math.min(TIMES_TO_STAY, limits.maxAttempts);
