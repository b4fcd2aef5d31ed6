import { POLL_INTERVAL_MS } from '../../../machines/states/watching.js';
import {
  ALONE,
  createLimitModel,
  expectedResetAt,
  isAlone,
  isInformed,
  knowsLimit,
  type LimitModel,
  limitOf,
  noteHeaders,
  pacedWindowMs,
} from './limit-model.js';
import { freeReads, type ReadUse, type Spending, spentAt } from './spend-reads.js';
import { TimeLog } from './time-log.js';

/** The limit information of one reply to a status read. Any field may be missing or absurd. */
export interface GovernorReply {
  /** Epoch ms on this machine's clock. */
  readonly now: number;
  readonly status: number;
  /** Epoch ms on this machine's clock, of the request. */
  readonly sentAt?: number | undefined;
  /** `X-RateLimit-Remaining`. */
  readonly remaining?: number | undefined;
  /** `X-RateLimit-Reset`, as epoch ms on this machine's clock. */
  readonly resetAt?: number | undefined;
  /** For a 429: epoch ms before which nothing may be sent. */
  readonly retryAt?: number | undefined;
}

export interface PollGovernorOptions {
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Status reads per minute of the plan, if known; used until headers arrive. Default 60, the smallest plan. */
  readonly planHint?: number;
}

/** After this time without a reply, a request no longer counts as in flight. */
const LOST_AFTER_MS = 30_000;
/** Before any headers are known: how long to wait for the first reply before another request is sent. */
const FIRST_REPLY_MS = 5_000;
const DEFAULT_LIMIT = 60;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Minimum distance between two reads, whatever a header states. */
const MIN_SPACING_MS = 10;
/** If a clock goes back further than this, it was set. */
const CLOCK_STEP_MS = 1_000;

/** If others use the key: what remains of a moving limit beyond this reserve is distributed over the band above it. */
const SHARED_RESERVE = 4;
/** Fractions of the limit. A bucket loses nothing at a high level; a sliding window loses unused requests. */
const BUCKET_BAND = 0.3;
const SLIDING_BAND = 0.05;
const LEAST_BAND = 14;
/** Each job is read at least this often while anything is left: half as often as every plan allows at full concurrency. */
const LEAST_ROUND_MS = 11_000;
/** With more jobs than a plan allows at once, that may not use up the limit long before its reset. */
const MOST_OF_EVEN_PACE = 0.55;

/** In a fixed window that is ours, what timers that fire late have left over is made up for. */
const MOST_ALONE = 1.1;

/** What a governor has seen of the limit of one key. */
export interface GovernorState {
  readonly model: LimitModel;
  readonly flights: TimeLog;
  readonly blindLimit: number;
  /** Reduced by each 429 while no headers are known, and slowly restored. */
  blindFactor: number;
  answered: boolean;
  lastSentAt: number;
  repliedAt: number;
  blockedUntil: number;
  /** Consecutive 429s. */
  refusals: number;
  /** Drawn once per event, so that repeated calls get the same answer. */
  luck: number;
  clock: number;
  executing: number;
}

export const newState = ({ random, planHint }: PollGovernorOptions): GovernorState => ({
  model: createLimitModel(),
  flights: new TimeLog(),
  blindLimit: planHint !== undefined && planHint >= 1 && planHint <= 1e6 ? planHint : DEFAULT_LIMIT,
  blindFactor: 1,
  answered: false,
  lastSentAt: Number.NEGATIVE_INFINITY,
  repliedAt: Number.NEGATIVE_INFINITY,
  blockedUntil: Number.NEGATIVE_INFINITY,
  refusals: 0,
  luck: random(),
  clock: Number.NEGATIVE_INFINITY,
  executing: 1,
});

/** If the clock is set back, all times move with it; otherwise everything learned would be in the future and block us. */
export function followClock(state: GovernorState, now: number): void {
  const step = now - state.clock;
  if (step < -CLOCK_STEP_MS) {
    state.lastSentAt += step;
    state.repliedAt += step;
    state.blockedUntil += step;
    state.model.resetAt += step;
    state.model.statedResetAt += step;
    state.model.begunBy += step;
    state.model.heardAt += step;
    state.flights.moveBy(step);
    state.model.counted.moveBy(step);
  }
  state.clock = step < -CLOCK_STEP_MS ? now : Math.max(now, state.clock);
  state.flights.forgetBefore(now - LOST_AFTER_MS);
}

export function noteReply(state: GovernorState, reply: GovernorReply): void {
  const { now, status } = reply;
  state.answered = true;
  state.repliedAt = now;
  if (status !== 429) state.model.counted.add(now);
  const informed = noteHeaders(
    state.model,
    now,
    reply.remaining,
    reply.resetAt,
    state.executing,
    reply.sentAt,
  );
  if (status !== 429) {
    state.refusals = 0;
    if (!informed) state.blindFactor = Math.min(1, state.blindFactor * 1.002);
    return;
  }
  state.refusals += 1;
  state.blindFactor = Math.max(state.blindFactor * 0.7, 0.01);
  state.model.remaining = isInformed(state.model) ? 0 : state.model.remaining;
  state.blockedUntil = Math.max(state.blockedUntil, reopensAt(state, reply));
}

/** When the limit opens after a 429: the stated reset, spread so that several processes do not return at once. */
function reopensAt(state: GovernorState, reply: GovernorReply): number {
  const { now } = reply;
  const spread = 500 + (state.model.kind === 'moving' ? Math.min(1 / longRunPace(state), 5_000) : 0);
  const jitter = 50 + state.luck * spread;
  const stated = [reply.retryAt, reply.resetAt].filter(
    (at): at is number => at !== undefined && at > now && at - now <= DAY_MS,
  );
  if (stated.length > 0) return Math.max(...stated) + jitter;
  const backoff = Math.min(1_000 * 2 ** Math.min(state.refusals, 6), MINUTE_MS);
  return now + backoff * (0.5 + 0.5 * state.luck);
}

/** Reads of a window that are kept for jobs that are due: fewer where many are allowed and the window is ours. */
function reservedReads(model: LimitModel): number {
  const limit = limitOf(model);
  return isAlone(model) ? Math.min(0.03 * limit, 1 + 0.015 * limit) : 0.03 * limit;
}

export function longRunPace(state: GovernorState): number {
  const { model } = state;
  const perWindow = knowsLimit(model)
    ? (model.share * (limitOf(model) - reservedReads(model))) / pacedWindowMs(model)
    : (0.95 * state.blindFactor * state.blindLimit) / MINUTE_MS;
  return Math.max(perWindow, 1 / MINUTE_MS);
}

const spendingOf = ({ model, flights, lastSentAt, repliedAt }: GovernorState, now: number): Spending => ({
  model,
  inFlight: flights.length,
  lastSentAt,
  repliedAt,
  now,
});

/** When the next read is sent at the even pace. */
function pacedAt(state: GovernorState, now: number): number {
  const { model, flights, lastSentAt } = state;
  const waiting = flights.oldest();
  if (!state.answered) return waiting === undefined ? now : waiting + FIRST_REPLY_MS;
  const pace = paceNow(state, now);
  const at = lastSentAt + Math.max(1 / pace, MIN_SPACING_MS);
  if (!isInformed(model) || model.isBucket) return at;
  if (now >= model.resetAt) {
    const probing = model.kind !== 'fixed' && waiting !== undefined;
    return probing ? Math.max(at, waiting + FIRST_REPLY_MS) : at;
  }
  const gap = 1 / longRunPace(state);
  if (keepsOne(state)) return Math.min(at, Math.max(lastSentAt + gap, expectedResetAt(model)));
  if (at <= model.resetAt) return at;
  const reopens = model.kind === 'moving' ? Math.max(model.resetAt, lastSentAt + gap) : model.resetAt;
  return Math.min(at, reopens + 100 + state.luck * Math.min(1_000, gap));
}

/** Whether a read is certainly left, with which a new window is discovered as soon as it is expected, before the stated reset. */
const keepsOne = ({ model, flights }: GovernorState): boolean =>
  isAlone(model) && flights.length === 0 && model.remaining >= 1;

export function usedAt(state: GovernorState, now: number, use: ReadUse | undefined): number {
  const even = pacedAt(state, now);
  return use === undefined ? even : spentAt(spendingOf(state, now), use, even, longRunPace(state));
}

/** Current reads per ms: what remains, minus requests in flight and a reserve for those of others, over the remaining time. */
function paceNow(state: GovernorState, now: number): number {
  const { model } = state;
  const longRun = longRunPace(state);
  if (!isInformed(model) || now >= model.resetAt) return longRun;
  const limit = limitOf(model);
  if (model.isBucket || (model.kind === 'moving' && model.share < ALONE)) return movingPace(state, limit);
  const free = freeReads(spendingOf(state, now));
  const most = ((isAlone(model) ? MOST_ALONE : 1.01) * limit) / pacedWindowMs(model);
  const pace = model.share * Math.min(free / Math.max(expectedResetAt(model) - now, 500), most);
  const unused = model.remaining - state.flights.length > Math.max(SHARED_RESERVE, 0.05 * limit);
  const leastPace = Math.min(state.executing / LEAST_ROUND_MS, (MOST_OF_EVEN_PACE * limit) / model.windowMs);
  return unused ? Math.max(pace, leastPace) : pace;
}

/**
 * All processes see the same `remaining`. If each reads at (its jobs / 2 s) * h, with a common h that decreases with `remaining`,
 * the level settles where all together use what comes back, and each gets a part in proportion to its jobs: fair without
 * communication. A sliding window returns bursts a minute later, so the pace there also stays near the share; a bucket has no
 * memory.
 */
function movingPace(state: GovernorState, limit: number): number {
  const { model, flights, executing } = state;
  const band = Math.max((model.isBucket ? BUCKET_BAND : SLIDING_BAND) * limit, LEAST_BAND);
  const level = (model.remaining - flights.length - SHARED_RESERVE) / band;
  const wanted = (executing / POLL_INTERVAL_MS) * Math.min(Math.max(level, 0), 1);
  if (model.isBucket) return Math.max(wanted, (0.25 * model.share * limit) / model.windowMs);
  const most = 1.02 * model.share + (model.remaining > 0.25 * limit ? 0 : 0.1);
  return Math.min(wanted, (most * limit) / model.windowMs);
}
