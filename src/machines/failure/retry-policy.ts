import type { Failure, FailureKind } from '../../services/failure.js';
import type { RetryLimits } from '../job-input.js';
import { isSaidByApi } from './said-by-api.js';

export const DEFAULT_RETRY: RetryLimits = { baseMs: 500, capMs: 30_000, maxAttempts: 8, maxTotalMs: 600_000 };

/** How a call has gone so far; reset by its success. */
export interface Setback {
  /** Tries that failed, in a row. */
  readonly attempts: number;
  /** Epoch ms of the first failure of the row. */
  readonly since: number;
  /** Epoch ms until which the next try waits. */
  readonly until: number;
  /** What the row has cost so far, in ms: its tries and its pauses. Neither what a limit asked for nor the sleep of the machine is in it. */
  readonly spentMs?: number;
  readonly failure: Failure;
  /** How often in a row it was this kind of failure, and what that has cost, in ms as in `spentMs`. Absent in what older releases stored. */
  readonly alike?: { readonly attempts: number; readonly spentMs: number };
}

/** What to do about a failure. */
export type RetryDecision = 'rateLimited' | 'backOff' | 'reRead' | 'giveUp';

/** What a call is about, which decides what a refusal of it means. */
export type CallKind =
  /** There is no job yet: what the API refuses is refused, and nothing was started. */
  | 'before-job'
  /** A job of which no more than a name is known. */
  | 'lookup'
  /** A job that exists: no refusal says that it does not live (law 7). */
  | 'about-job'
  /** The same with an item version (PATCH and confirm): it can be repeated safely after a re-read. */
  | 'guarded';

/** A concurrency limit opens when a job ends, not at the reset of a quota: ask again now and then. */
export const CONCURRENCY_PAUSE_MS = 10_000;
/** A 400 may be a lagging replica; one that stays is not. */
const MAX_INVALID_TRANSITIONS = 3;

/** `outcome-unknown` comes here only under the policy to create again. */
const MAY_HEAL: ReadonlySet<FailureKind> = new Set([
  'network',
  'server',
  'bad-response',
  'aborted',
  'outcome-unknown',
]);

/** What was refused on this machine: the server has no part in it, and asking again changes nothing. */
export const LOCAL_KINDS: ReadonlySet<FailureKind> = new Set([
  'invalid-input',
  'file',
  'storage',
  'internal',
  'job-failed',
]);

/** For how long a refusal about a job that may live is waited out, in ms of tries and pauses since the first of its kind in a row. */
export const PATIENCE_MS: Readonly<Partial<Record<FailureKind, number>>> = {
  'not-found': 30_000,
  gone: 30_000,
};
export const USUAL_PATIENCE_MS = 45_000;
/** A name that was only ever told to us may be a typing error, and may be that of a job that is a second old. */
export const LOOKUP_PATIENCE_MS = 5_000;
/** What is answered to a name that is wrong; anything else says nothing of the name. */
const ABOUT_A_NAME: ReadonlySet<FailureKind> = new Set([
  'not-found',
  'gone',
  'validation',
  'invalid-transition',
]);

const boundOf = (limits: RetryLimits, attempts: number): number =>
  Math.min(limits.capMs, limits.baseMs * 2 ** Math.min(attempts - 1, 30));

/** A try is over in less, unless the machine slept meanwhile or its clock was set. */
const LONGEST_TRY_MS = 60_000;

/** Exponential with full jitter: anywhere between now and the bound, which doubles with each attempt. */
export const backoffUntil = (limits: RetryLimits, attempts: number, at: number, random: number): number =>
  at + Math.ceil(random * boundOf(limits, attempts));

/** The same between half of the bound and all of it: what was refused is given time, and each time more than before. */
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

/** The row of failures after one more. */
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

/** How long the try took that has failed now: from the end of the pause before it. */
const tryMs = (before: Setback | undefined, at: number): number =>
  before === undefined ? 0 : Math.min(Math.max(at - before.until, 0), LONGEST_TRY_MS);

const isExhausted = (limits: RetryLimits, { attempts, spentMs = 0 }: Setback): boolean =>
  attempts >= limits.maxAttempts || spentMs > limits.maxTotalMs;

const isDated = ({ retryAt }: Failure): boolean => retryAt !== undefined;

/** A server that says when to ask again is asked then, but not for ever. */
function isOutOfPatience(limits: RetryLimits, setback: Setback, call: CallKind): boolean {
  const { failure, alike } = setback;
  if (isDated(failure)) return setback.attempts >= limits.maxAttempts;
  if (isExhausted(limits, setback)) return true;
  if (MAY_HEAL.has(failure.kind)) return false;
  const usual = PATIENCE_MS[failure.kind] ?? USUAL_PATIENCE_MS;
  const patience = call === 'lookup' && ABOUT_A_NAME.has(failure.kind) ? LOOKUP_PATIENCE_MS : usual;
  return (alike?.spentMs ?? 0) > patience;
}

/** A storage URL that the host does not allow: it was not asked for, and asking again changes nothing. */
const isRefusedHere = ({ kind, delivery }: Failure): boolean =>
  kind === 'rejected' && delivery === 'not-sent';

/** Whether the first such word is the last: said on this machine, about the key, or, where nothing was started, by the API. */
function isLastWord(failure: Failure, call: CallKind): boolean {
  if (LOCAL_KINDS.has(failure.kind) || isRefusedHere(failure)) return true;
  if (!isSaidByApi(failure)) return false;
  if (failure.kind === 'key-refused') return true;
  return call === 'before-job' && !MAY_HEAL.has(failure.kind) && !isDated(failure);
}

/**
 * Decides on a failure. After a conflict, an invalid transition or a lost reply to a guarded call, the job is read again before
 * anything is repeated. What a job that may live is refused with is waited out, as long as patience lasts (law 7).
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

/** A limit with a known end is waited for however long it is; one without is a backoff like any other. */
function judgeLimit(limits: RetryLimits, setback: Setback): RetryDecision {
  const isKnown = setback.failure.retryAt !== undefined || setback.failure.limit === 'concurrency';
  return !isKnown && isExhausted(limits, setback) ? 'giveUp' : 'rateLimited';
}

/** What is said once may be one server of many that lags; this often in a row it stays. */
const TIMES_TO_STAY = 3;

/** Whether the same kind of refusal came so often in a row that it is believed. */
export const isStaying = (limits: RetryLimits, { alike }: Setback): boolean =>
  (alike?.attempts ?? 0) >= Math.min(TIMES_TO_STAY, limits.maxAttempts);
