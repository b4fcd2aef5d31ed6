import { TimeLog } from './time-log.js';

/** The assumed limit of a key, from the headers of our own replies. */
export interface LimitModel {
  /** The two highest `remaining` seen: a single absurd value is ignored once there are others. */
  highest: number;
  second: number;
  /** Number of replies that contained the limit. */
  seen: number;
  windowMs: number;
  /** `fixed`: everything comes back at the reset. `moving`: it comes back gradually (sliding log, token bucket). */
  kind: 'unknown' | 'fixed' | 'moving';
  /** Moving, and the reset is the time when the limit is full again (token bucket), not when the first request is returned. */
  isBucket: boolean;
  /** Epoch ms since when every reset was consistent with that; NaN if it is not. */
  fullSince: number;
  /** The part of the limit that we use; the rest is used by other processes with the key. */
  share: number;
  /** The share at the end of the previous window; NaN if there was none. */
  shareBefore: number;
  /** From the last reply; NaN if no reply stated it. */
  remaining: number;
  /** Epoch ms, `RESET_SLACK_MS` after the reset of the last reply. */
  resetAt: number;
  /** Epoch ms: the present fixed window had begun by then; NaN while no reply has shown the beginning of one. */
  begunBy: number;
  /** Epoch ms of the last reply with plausible headers; NaN if there was none. */
  heardAt: number;
  /** Epoch ms: the last plausible reset that was in the future when received; NaN if there was none. */
  statedResetAt: number;
  /** The last reply stated that nothing is left, without a plausible reset: a higher value in the next reply is not a rise. */
  isDoubted: boolean;
  /** Our counted replies. */
  readonly counted: TimeLog;
}

/** What one process with the key passes to the next one. No times: the clocks of two machines differ. Plain JSON. */
export type LimitFacts = Readonly<
  Pick<LimitModel, 'highest' | 'second' | 'seen' | 'windowMs' | 'kind' | 'isBucket' | 'share'>
>;

/** Windows are a minute ("Rate Limits"); longer ones are paced as this. */
const WINDOW_MS = 60_000;
const MAX_WINDOW_MS = 90_000;
/** A reset further in the past, or a remaining above this, is implausible. */
const MAX_PAST_MS = 5_000;
const MAX_REMAINING = 100_000;
/** A header in whole seconds may be up to a second too early. */
const RESET_SLACK_MS = 1_000;
/** A reset may be stated this much too late: rounded up, or by the doubt about the clocks. */
const RESET_DOUBT_MS = 2_000;
/** With a share above this, we count as the only user of the key. */
export const ALONE = 0.9;
/** With replies closer together than this, the beginning of a window is known as exactly as it matters. */
const DENSE_MS = 1_000;
const MIN_SHARE = 0.02;
/** How long (ms) the reset must match the time until the limit is full before a token bucket is assumed. */
const BUCKET_PROOF_MS = 10_000;

export function createLimitModel(): LimitModel {
  return {
    highest: 0,
    second: 0,
    seen: 0,
    windowMs: WINDOW_MS,
    kind: 'unknown',
    isBucket: false,
    fullSince: Number.NaN,
    share: 1,
    shareBefore: Number.NaN,
    remaining: Number.NaN,
    resetAt: Number.NaN,
    begunBy: Number.NaN,
    heardAt: Number.NaN,
    statedResetAt: Number.NaN,
    isDoubted: false,
    counted: new TimeLog(),
  };
}

/** Whether any reply has shown the limit. `remaining: 0` does not: it shows when, not how many. */
export const knowsLimit = (model: LimitModel): boolean => model.seen > 0;

/** Requests per window, including the one that was just counted. */
export function limitOf(model: LimitModel): number {
  return (model.seen > 1 ? model.second : model.highest) + 1;
}

/** Only in a fixed window that no other process uses can reads be saved: they remain, and no burst comes back late. */
export const isAlone = ({ kind, share }: LimitModel): boolean => kind === 'fixed' && share >= ALONE;

/** The length (ms) of the window for which reads are paced: a minute, if it only seems longer because its reset is stated late. */
export function pacedWindowMs(model: LimitModel): number {
  const { windowMs } = model;
  return isAlone(model) && windowMs <= WINDOW_MS + RESET_DOUBT_MS ? WINDOW_MS : windowMs;
}

/**
 * Epoch ms: the reset up to which reads are spread. A window that had begun by `begunBy` ends at the latest its length later. That
 * is nearer than the stated reset, which is taken to be late rather than early; if it does not fit that, it is not used.
 */
export function expectedResetAt(model: LimitModel): number {
  const { begunBy, resetAt } = model;
  const endsAt = begunBy + pacedWindowMs(model);
  const fits = endsAt <= resetAt && endsAt >= resetAt - RESET_SLACK_MS - RESET_DOUBT_MS;
  return isAlone(model) && fits ? endsAt : resetAt;
}

/** Undefined while no reply has shown the limit. */
export function factsOf(model: LimitModel): LimitFacts | undefined {
  if (!knowsLimit(model)) return undefined;
  const { highest, second, seen, windowMs, kind, isBucket, share } = model;
  return { highest, second, seen, windowMs, kind, isBucket, share };
}

/** Continues with what another process has learned. Without it, the limit would be what remained at the first reply. */
export function noteFacts(model: LimitModel, now: number, facts: LimitFacts): void {
  Object.assign(model, facts);
  model.fullSince = facts.isBucket ? now - BUCKET_PROOF_MS - 1 : Number.NaN;
  model.shareBefore = Number.NaN;
  model.begunBy = Number.NaN;
  if (model.remaining < 1 && model.resetAt > now) return;
  // What remained before the other process has read shows nothing about the kind of the limit.
  model.remaining = Number.NaN;
  model.resetAt = Number.NaN;
}

export function isInformed(model: LimitModel): boolean {
  return Number.isFinite(model.remaining);
}

/**
 * Adds the headers of a reply.
 * @param sentAt of its request; without it, replies are taken to arrive in order
 * @returns false if they contain nothing plausible
 */
export function noteHeaders(
  model: LimitModel,
  now: number,
  remaining: number | undefined,
  resetAt: number | undefined,
  executing: number,
  sentAt = now,
): boolean {
  if (remaining === undefined || !(remaining >= 0 && remaining <= MAX_REMAINING)) return false;
  const stated = (resetAt ?? Number.NaN) - now;
  if (stated > 0 && stated <= MAX_WINDOW_MS) model.statedResetAt = now + stated;
  else if (remaining < 1) return doubt(model, now);
  const left = believedLeft(stated, model.statedResetAt - now);
  const reset = now + left;
  if (sentAt < model.heardAt && isOvertaken(model, remaining, reset)) return true;
  if (remaining > model.remaining + 0.5 && !model.isDoubted) noteRise(model, now, reset);
  if (remaining >= 1) noteHighest(model, remaining);
  model.windowMs = Math.max(model.windowMs, left);
  if (knowsLimit(model)) noteBucket(model, now, remaining, left);
  model.remaining = remaining;
  model.resetAt = reset + RESET_SLACK_MS;
  model.isDoubted = false;
  model.heardAt = now;
  model.counted.forgetBefore(now - MAX_WINDOW_MS);
  if (knowsLimit(model)) noteShare(model, now, executing);
  return true;
}

/** Nothing is left, but the reset is implausible: the last plausible reset is used if it is still ahead (law 3, never early). */
function doubt(model: LimitModel, now: number): boolean {
  if (!(model.statedResetAt > now)) return false;
  model.remaining = 0;
  model.resetAt = model.statedResetAt + RESET_SLACK_MS;
  model.isDoubted = true;
  return true;
}

function noteHighest(model: LimitModel, remaining: number): void {
  if (remaining >= model.highest) {
    model.second = model.highest;
    model.highest = remaining;
  } else model.second = Math.max(model.second, remaining);
  model.seen += 1;
}

/**
 * Recognises a token bucket: its reset is as far away as refilling all used requests takes. A window matches that only
 * temporarily.
 */
function noteBucket(model: LimitModel, now: number, remaining: number, left: number): void {
  const limit = limitOf(model);
  const perRequest = model.windowMs / limit;
  const off = Math.abs(left - (limit - remaining) * perRequest);
  if (off > 1_500 + 2 * perRequest + 0.02 * model.windowMs) model.fullSince = Number.NaN;
  else if (Number.isNaN(model.fullSince)) model.fullSince = now;
  model.isBucket = now - model.fullSince > BUCKET_PROOF_MS;
}

/** Time to the reset: as stated, else to the last plausible one, else a window. */
function believedLeft(stated: number, statedBefore: number): number {
  if (stated >= -MAX_PAST_MS && stated <= MAX_WINDOW_MS) return Math.max(stated, 0);
  return statedBefore > 0 ? statedBefore : WINDOW_MS;
}

const isJump = ({ resetAt, windowMs }: LimitModel, reset: number): boolean =>
  reset + RESET_SLACK_MS - resetAt > windowMs / 2;

/**
 * Whether a reply to a request that was sent before the last reply is older than that: it is about the window before, or more
 * remained. Taken for newer, it would be a rise of a moving limit.
 */
function isOvertaken(model: LimitModel, remaining: number, reset: number): boolean {
  const { kind, isDoubted, resetAt, windowMs } = model;
  if (kind !== 'fixed' || isDoubted || isJump(model, reset)) return false;
  return remaining > model.remaining || resetAt - reset - RESET_SLACK_MS > windowMs / 2;
}

/** A rise of `remaining` shows the kind of limiter: everything at once with a jump of the reset, or gradually. */
function noteRise(model: LimitModel, now: number, reset: number): void {
  model.kind = isJump(model, reset) ? 'fixed' : 'moving';
  if (model.kind === 'moving') return;
  model.shareBefore = model.share;
  model.begunBy = begunBy(model, now);
}

/**
 * The first reply of a window is received after the window has begun, some time later where reads are rare. Where they are dense,
 * the beginning of the window before is more precise, unless a reply since then contradicts it.
 */
function begunBy(model: LimitModel, now: number): number {
  const { heardAt } = model;
  const due = model.begunBy + pacedWindowMs(model);
  const isSeen = now - heardAt <= DENSE_MS && due >= heardAt && due <= now;
  return isSeen ? due : now;
}

/**
 * Our share of the used requests, smoothed towards the last window's while few are used. A tenth of it is what our jobs would
 * request (one read per job every six seconds, which every plan allows), so that shares move to where the jobs are. No share is
 * below that, however little was used before: a low share would stay low.
 */
function noteShare(model: LimitModel, now: number, executing: number): void {
  const limit = limitOf(model);
  const since =
    model.kind === 'fixed' ? model.resetAt - RESET_SLACK_MS - model.windowMs : now - model.windowMs;
  const own = model.counted.countSince(since);
  const used = Math.max(limit - model.remaining, 0);
  const before = Number.isNaN(model.shareBefore)
    ? used > 0
      ? Math.min(1, own / used)
      : 1
    : model.shareBefore;
  const weight = 0.15 * limit;
  const part = Math.min(1, (own + weight * before) / Math.max(1, used + weight));
  const wanted = Math.min(1, (executing * model.windowMs) / (6_000 * limit));
  const share = 0.9 * part + 0.1 * (part > 0.95 ? 1 : wanted);
  model.share = Math.min(Math.max(share, MIN_SHARE, wanted), 1);
}
