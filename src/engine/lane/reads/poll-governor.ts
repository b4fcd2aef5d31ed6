import {
  followClock,
  type GovernorReply,
  type GovernorState,
  longRunPace,
  newState,
  noteReply,
  type PollGovernorOptions,
  usedAt,
} from './governor-state.js';
import { factsOf, isInformed, knowsLimit, type LimitFacts, limitOf, noteFacts } from './limit-model.js';
import type { ReadUse } from './spend-reads.js';

/** The governor's assumptions, for `budget()` and logs. */
export interface GovernorView {
  readonly limit: number;
  readonly windowMs: number;
  readonly kind: 'unknown' | 'fixed' | 'moving' | 'bucket';
  readonly share: number;
  readonly remaining?: number;
  /** Epoch ms. */
  readonly resetAt?: number;
  /** Epoch ms; absent unless a 429 closed the limit. */
  readonly blockedUntil?: number;
}

/** Paces the status reads of one key in one process, so that the limit is used fully but not exceeded. */
export interface PollGovernor {
  onSend(now: number): void;
  onReply(reply: GovernorReply): void;
  /** A sent request will get no reply. */
  onLost(now: number): void;
  /**
   * Epoch ms at which the next read may be sent; not later than `now` if it may be sent at once. At most a minute and a half
   * ahead, unless a 429 required it. `use` is the purpose of the read; without it, reads keep the even pace.
   */
  nextSendAt(now: number, executingJobs: number, use?: ReadUse): number;
  /** Our reads per ms in the long run. */
  readsPerMs(): number;
  /** Epoch ms until which a 429 closed the limit; in the past, or -Infinity, if it is open. */
  blockedUntil(): number;
  view(): GovernorView;
  /** For the process that will read with the key next; undefined while no reply has shown the limit. */
  facts(): LimitFacts | undefined;
  /** Continues after another process, which has sent so many `reads` within the last minute. Its closed limits are not in `facts`. */
  takeOver(now: number, reads: number, facts: LimitFacts | undefined): void;
}

/** Longest wait if the limit did not refuse anything, whatever a header states. */
const LONGEST_WAIT_MS = 90_000;

/** A class instead of closures: a process may have a thousand lanes. */
class Governor implements PollGovernor {
  readonly #random: () => number;
  readonly #state: GovernorState;

  constructor(options: PollGovernorOptions) {
    this.#random = options.random;
    this.#state = newState(options);
  }

  onSend(now: number): void {
    const state = this.#state;
    followClock(state, now);
    state.flights.add(now);
    state.lastSentAt = Math.max(now, state.lastSentAt);
    state.luck = this.#random();
  }

  onReply(reply: GovernorReply): void {
    const state = this.#state;
    followClock(state, reply.now);
    state.flights.shift();
    state.luck = this.#random();
    noteReply(state, reply);
  }

  onLost(now: number): void {
    followClock(this.#state, now);
    this.#state.flights.shift();
  }

  nextSendAt(now: number, executingJobs: number, use?: ReadUse): number {
    const state = this.#state;
    followClock(state, now);
    if (executingJobs >= 0 && Number.isFinite(executingJobs)) state.executing = executingJobs;
    return Math.max(Math.min(usedAt(state, now, use), now + LONGEST_WAIT_MS), state.blockedUntil);
  }

  readsPerMs(): number {
    return longRunPace(this.#state);
  }

  blockedUntil(): number {
    return this.#state.blockedUntil;
  }

  view(): GovernorView {
    return viewOf(this.#state);
  }

  facts(): LimitFacts | undefined {
    return factsOf(this.#state.model);
  }

  takeOver(now: number, reads: number, facts: LimitFacts | undefined): void {
    const { model } = this.#state;
    followClock(this.#state, now);
    if (facts !== undefined) noteFacts(model, now, facts);
    // They do not come from other processes, for which a part of the limit would be reserved.
    for (let read = 0; read < reads; read += 1) model.counted.add(now);
  }
}

export const createPollGovernor = (options: PollGovernorOptions): PollGovernor => new Governor(options);

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
