import { createTimeLog, type TimeLog } from './time-log.js';

/** What is believed about the limit of a key, from the headers of our own replies. */
export interface LimitModel {
  /** The two highest `remaining` seen: one absurd value alone is not believed once there are others. */
  highest: number;
  second: number;
  /** Replies that taught the limit. */
  seen: number;
  windowMs: number;
  /** `fixed`: all comes back at the reset. `moving`: it comes back bit by bit (sliding log, token bucket). */
  kind: 'unknown' | 'fixed' | 'moving';
  /** Moving, and the reset is when the limit will be full again (token bucket), not when the first request is given back. */
  isBucket: boolean;
  /** Epoch ms since which every reset told that; NaN while it does not. */
  fullSince: number;
  /** The part of the limit that we use; the rest are other processes on the key. */
  share: number;
  /** The share at the end of the last window; NaN before there was one. */
  shareBefore: number;
  /** As of the last reply; NaN while no reply told. */
  remaining: number;
  /** Epoch ms, `RESET_SLACK_MS` after the reset of the last reply. */
  resetAt: number;
  /** Epoch ms: the last reset that lay ahead when a reply told it, and could be believed; NaN before there was one. */
  toldResetAt: number;
  /** The last reply said that nothing is left, without a reset of its own: what the next one says is no rise. */
  isDoubted: boolean;
  /** Our replies that counted. */
  readonly counted: TimeLog;
}

/** Windows are a minute (API reference, Rate Limits); what is longer is paced as this. */
const WINDOW_MS = 60_000;
const MAX_WINDOW_MS = 90_000;
/** A reset further in the past, or a remaining above this, is not believed. */
const MAX_PAST_MS = 5_000;
const MAX_REMAINING = 100_000;
/** A header in whole seconds may say up to a second too early. */
const RESET_SLACK_MS = 1_000;
const MIN_SHARE = 0.02;
/** For how long (ms) the reset must have told the time until the limit is full before that is believed. */
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
    toldResetAt: Number.NaN,
    isDoubted: false,
    counted: createTimeLog(),
  };
}

/** Whether any reply has taught the limit. That nothing is left does not: it says when, not how many. */
export const knowsLimit = (model: LimitModel): boolean => model.seen > 0;

/** Requests per window, the one that was just counted included. */
export function limitOf(model: LimitModel): number {
  return (model.seen > 1 ? model.second : model.highest) + 1;
}

export function isInformed(model: LimitModel): boolean {
  return Number.isFinite(model.remaining);
}

/**
 * Takes in the headers of a reply.
 * @returns false where they say nothing that can be believed
 */
export function noteHeaders(
  model: LimitModel,
  now: number,
  remaining: number | undefined,
  resetAt: number | undefined,
  executing: number,
): boolean {
  if (remaining === undefined || !(remaining >= 0 && remaining <= MAX_REMAINING)) return false;
  const told = (resetAt ?? Number.NaN) - now;
  if (told > 0 && told <= MAX_WINDOW_MS) model.toldResetAt = now + told;
  else if (remaining < 1) return doubt(model, now);
  const left = believedLeft(told, model.toldResetAt - now);
  const reset = now + left;
  if (remaining > model.remaining + 0.5 && !model.isDoubted) noteRise(model, reset);
  if (remaining >= 1) noteHighest(model, remaining);
  model.windowMs = Math.max(model.windowMs, left);
  if (knowsLimit(model)) noteBucket(model, now, remaining, left);
  model.remaining = remaining;
  model.resetAt = reset + RESET_SLACK_MS;
  model.isDoubted = false;
  model.counted.forgetBefore(now - MAX_WINDOW_MS);
  if (knowsLimit(model)) noteShare(model, now, executing);
  return true;
}

/** Nothing is left, until a time that cannot be: the last reset that could be believed is kept to, if it still lies ahead (law 3). */
function doubt(model: LimitModel, now: number): boolean {
  if (!(model.toldResetAt > now)) return false;
  model.remaining = 0;
  model.resetAt = model.toldResetAt + RESET_SLACK_MS;
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

/** A token bucket betrays itself: its reset is as far away as the refill of all that is used takes. Windows agree with that only in passing. */
function noteBucket(model: LimitModel, now: number, remaining: number, left: number): void {
  const limit = limitOf(model);
  const perRequest = model.windowMs / limit;
  const off = Math.abs(left - (limit - remaining) * perRequest);
  if (off > 1_500 + 2 * perRequest + 0.02 * model.windowMs) model.fullSince = Number.NaN;
  else if (Number.isNaN(model.fullSince)) model.fullSince = now;
  model.isBucket = now - model.fullSince > BUCKET_PROOF_MS;
}

/** Time to the reset: as told, else to the last one that could be believed, else a window. */
function believedLeft(told: number, toldBefore: number): number {
  if (told >= -MAX_PAST_MS && told <= MAX_WINDOW_MS) return Math.max(told, 0);
  return toldBefore > 0 ? toldBefore : WINDOW_MS;
}

/** The kind of limiter shows when `remaining` goes up: all at once with a reset that jumps, or bit by bit. */
function noteRise(model: LimitModel, reset: number): void {
  const jumped = reset + RESET_SLACK_MS - model.resetAt > model.windowMs / 2;
  model.kind = jumped ? 'fixed' : 'moving';
  if (jumped) model.shareBefore = model.share;
}

/**
 * Our share of what is used, smoothed towards the last window's while little is used; a tenth of it is what our jobs
 * would ask for (one read per job every six seconds, which every plan allows), so that shares drift to where the jobs are.
 * No share is less than that, however little was used before: a low share would stay low.
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
