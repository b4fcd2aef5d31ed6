import { POLL_INTERVAL_MS } from '../../../machines/states/watching.js';
import {
  createLimitModel,
  isInformed,
  knowsLimit,
  type LimitModel,
  limitOf,
  noteHeaders,
} from './limit-model.js';
import { ALONE, freeReads, type ReadUse, type Spending, spentAt } from './spend-reads.js';
import { createTimeLog } from './time-log.js';

/** What one reply to a status read told about the limit. Any field of the headers may be missing or absurd. */
export interface GovernorReply {
  /** Epoch ms on this machine's clock. */
  readonly now: number;
  readonly status: number;
  /** `X-RateLimit-Remaining`. */
  readonly remaining?: number | undefined;
  /** `X-RateLimit-Reset`, as epoch ms on this machine's clock. */
  readonly resetAt?: number | undefined;
  /** Of a 429: epoch ms before which nothing may be sent. */
  readonly retryAt?: number | undefined;
}

export interface PollGovernorOptions {
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Status reads a minute of the plan, where the host knows it; used while headers tell nothing. Default 60, the smallest plan. */
  readonly planHint?: number;
}

/** What the governor believes, for `budget()` and for logs. */
export interface GovernorView {
  readonly limit: number;
  readonly windowMs: number;
  readonly kind: 'unknown' | 'fixed' | 'moving' | 'bucket';
  readonly share: number;
  readonly remaining?: number;
  /** Epoch ms. */
  readonly resetAt?: number;
  /** Epoch ms; absent unless a 429 shut the limit. */
  readonly blockedUntil?: number;
}

/** Paces the status reads of one key in one process, so that the limit is used up and never hit. */
export interface PollGovernor {
  onSend(now: number): void;
  onReply(reply: GovernorReply): void;
  /** A request that was sent will get no reply. */
  onLost(now: number): void;
  /**
   * Epoch ms from which the next read may leave; in the past or `now` where it may at once. Never further away than a minute and a half
   * unless a 429 said so. `use` tells what the read is for; without it, reads leave at the even pace.
   */
  nextSendAt(now: number, executingJobs: number, use?: ReadUse): number;
  /** Reads per ms that are ours in the long run. */
  readsPerMs(): number;
  /** Epoch ms until which a 429 shut the limit; in the past, or -Infinity, where it is open. */
  blockedUntil(): number;
  view(): GovernorView;
}

/** A request without a reply for so long is no longer counted as in flight, whether or not anyone told. */
const LOST_AFTER_MS = 30_000;
/** Before any header is known: how long the first reply is awaited before another request leaves. */
const FIRST_REPLY_MS = 5_000;
const DEFAULT_LIMIT = 60;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** No longer than this for a limit that did not refuse anything, whatever a header says. */
const LONGEST_WAIT_MS = 90_000;
/** No two reads leave closer together than this, whatever a header says. */
const MIN_SPACING_MS = 10;
/** A clock that goes back further than this was set. */
const CLOCK_STEP_MS = 1_000;

/** With others on the key: what is left of a moving limit, beyond this reserve, is shared out over the band above it. */
const SHARED_RESERVE = 4;
/** Parts of the limit. A bucket loses nothing by standing high, a sliding window loses what is left over. */
const BUCKET_BAND = 0.3;
const SLIDING_BAND = 0.05;
const LEAST_BAND = 14;
/** Each job is read so often at least while anything is left: half as often as every plan allows at its full concurrency. */
const LEAST_ROUND_MS = 11_000;

interface GovernorState {
  readonly model: LimitModel;
  readonly flights: ReturnType<typeof createTimeLog>;
  readonly blindLimit: number;
  /** Cut by each 429 while no headers are known, and slowly restored. */
  blindFactor: number;
  answered: boolean;
  lastSentAt: number;
  repliedAt: number;
  blockedUntil: number;
  /** 429s in a row. */
  refusals: number;
  /** Drawn once per event, so that the same question gets the same answer. */
  luck: number;
  clock: number;
  executing: number;
}

export function createPollGovernor(options: PollGovernorOptions): PollGovernor {
  const { random, planHint } = options;
  const state: GovernorState = {
    model: createLimitModel(),
    flights: createTimeLog(),
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
  };
  return {
    onSend(now) {
      followClock(state, now);
      state.flights.add(now);
      state.lastSentAt = Math.max(now, state.lastSentAt);
      state.luck = random();
    },
    onReply(reply) {
      followClock(state, reply.now);
      state.flights.shift();
      state.luck = random();
      noteReply(state, reply);
    },
    onLost(now) {
      followClock(state, now);
      state.flights.shift();
    },
    nextSendAt(now, executingJobs, use) {
      followClock(state, now);
      if (executingJobs >= 0 && Number.isFinite(executingJobs)) state.executing = executingJobs;
      return Math.max(Math.min(usedAt(state, now, use), now + LONGEST_WAIT_MS), state.blockedUntil);
    },
    readsPerMs: () => longRunPace(state),
    blockedUntil: () => state.blockedUntil,
    view: () => viewOf(state),
  };
}

/** Times move with a clock that is set back, or everything learned would lie in the future and stop us. */
function followClock(state: GovernorState, now: number): void {
  const step = now - state.clock;
  if (step < -CLOCK_STEP_MS) {
    state.lastSentAt += step;
    state.repliedAt += step;
    state.blockedUntil += step;
    state.model.resetAt += step;
    state.model.toldResetAt += step;
    state.flights.moveBy(step);
    state.model.counted.moveBy(step);
  }
  state.clock = step < -CLOCK_STEP_MS ? now : Math.max(now, state.clock);
  state.flights.forgetBefore(now - LOST_AFTER_MS);
}

function noteReply(state: GovernorState, reply: GovernorReply): void {
  const { now, status } = reply;
  state.answered = true;
  state.repliedAt = now;
  if (status !== 429) state.model.counted.add(now);
  const informed = noteHeaders(state.model, now, reply.remaining, reply.resetAt, state.executing);
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

/** After a 429: the reset that came with it, spread so that several processes do not all come back at once. */
function reopensAt(state: GovernorState, reply: GovernorReply): number {
  const { now } = reply;
  const spread = 500 + (state.model.kind === 'moving' ? Math.min(1 / longRunPace(state), 5_000) : 0);
  const jitter = 50 + state.luck * spread;
  const told = [reply.retryAt, reply.resetAt].filter(
    (at): at is number => at !== undefined && at > now && at - now <= DAY_MS,
  );
  if (told.length > 0) return Math.max(...told) + jitter;
  const backoff = Math.min(1_000 * 2 ** Math.min(state.refusals, 6), MINUTE_MS);
  return now + backoff * (0.5 + 0.5 * state.luck);
}

function longRunPace(state: GovernorState): number {
  const { model } = state;
  const perWindow = knowsLimit(model)
    ? (0.97 * model.share * limitOf(model)) / model.windowMs
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

/** When the next read leaves at the even pace. */
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
  if (at <= model.resetAt) return at;
  const gap = 1 / longRunPace(state);
  const reopens = model.kind === 'moving' ? Math.max(model.resetAt, lastSentAt + gap) : model.resetAt;
  return Math.min(at, reopens + 100 + state.luck * Math.min(1_000, gap));
}

function usedAt(state: GovernorState, now: number, use: ReadUse | undefined): number {
  const even = pacedAt(state, now);
  return use === undefined ? even : spentAt(spendingOf(state, now), use, even, longRunPace(state));
}

/** Reads per ms now: what is left, less what is in flight and a reserve for the others' flights, over the time that is left. */
function paceNow(state: GovernorState, now: number): number {
  const { model } = state;
  const longRun = longRunPace(state);
  if (!isInformed(model) || now >= model.resetAt) return longRun;
  const limit = limitOf(model);
  if (model.isBucket || (model.kind === 'moving' && model.share < ALONE)) return movingPace(state, limit);
  const free = freeReads(spendingOf(state, now));
  const most = (1.01 * limit) / model.windowMs;
  const pace = model.share * Math.min(free / Math.max(model.resetAt - now, 500), most);
  const unused = model.remaining - state.flights.length > Math.max(SHARED_RESERVE, 0.05 * limit);
  return unused ? Math.max(pace, state.executing / LEAST_ROUND_MS) : pace;
}

/**
 * All processes see the same `remaining`. If each reads at (its jobs / 2 s) * h, with one h that falls with `remaining`, the level
 * settles where all of them together use what comes back, and each gets its part by its jobs: fair without a word between them.
 * A sliding window gives back its bursts a minute later, so there the pace is also held near the share; a bucket has no memory.
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

function viewOf(state: GovernorState): GovernorView {
  const { model, blockedUntil, clock } = state;
  const informed = isInformed(model);
  return {
    limit: knowsLimit(model) ? limitOf(model) : state.blindLimit,
    windowMs: model.windowMs,
    kind: model.isBucket ? 'bucket' : model.kind,
    share: model.share,
    ...(informed ? { remaining: model.remaining, resetAt: model.resetAt } : {}),
    ...(blockedUntil > clock ? { blockedUntil } : {}),
  };
}
