import { hasId, type IdSet, withId, withoutId } from './id-set.js';
import { sizeOf } from './sorted-tree.js';

/** The assumed number of concurrent jobs of the key, and the jobs that have a place. Plain JSON, like all state of the desk. */
export interface JobCapacity {
  /** The assumed number of places. */
  readonly limit: number;
  /** Never more than this, whatever the server accepts; `null`: no maximum. */
  readonly ceiling: number | null;
  /** Epoch ms at which to try more than the assumed limit; `null` while nothing was refused. */
  readonly askAgainAt: number | null;
  /** Consecutive refusals. */
  readonly refusals: number;
  /** Jobs that have a place: on the server, or about to be created. */
  readonly holders: IdSet;
  readonly onServer: IdSet;
}

export interface CapacityOptions {
  /** According to the plan, if known. */
  readonly hint?: number | undefined;
  /** The host's own maximum. */
  readonly most?: number | undefined;
}

/** That of the smallest plan ("Rate Limits": Free), if nothing is known. */
const SMALLEST_PLAN = 5;
/**
 * The pause before trying more after a refusal; it doubles with each further one. Short if this process has no job at all; long
 * if it has some, whose places come back to it anyway.
 */
const HUNGRY_PAUSE_MS = 30_000;
const FED_PAUSE_MS = 5 * 60_000;
const LONGEST_PAUSE_MS = 30 * 60_000;

const whole = (count: number | undefined): number =>
  count !== undefined && count >= 1 ? Math.floor(count) : Number.POSITIVE_INFINITY;

/**
 * The limit is learned by trying. If the plan is unknown, each create that succeeds at the limit raises it by one. A refusal sets
 * it to the number of our jobs on the server, because other processes have the rest: a place that one of our jobs gives back can
 * be used again without risk, and more are tried only from time to time, until a refusal.
 */
export function jobCapacity({ hint, most }: CapacityOptions): JobCapacity {
  const ceiling = Math.min(whole(most), whole(hint));
  const believed = Number.isFinite(whole(hint)) ? whole(hint) : SMALLEST_PLAN;
  return {
    limit: Math.min(believed, ceiling),
    ceiling: Number.isFinite(ceiling) ? ceiling : null,
    askAgainAt: null,
    refusals: 0,
    holders: null,
    onServer: null,
  };
}

const isBelow = (count: number, ceiling: number | null): boolean => ceiling === null || count < ceiling;

function askAgainFrom({ onServer }: JobCapacity, refusals: number, now: number): number {
  const first = sizeOf(onServer) === 0 ? HUNGRY_PAUSE_MS : FED_PAUSE_MS;
  return now + Math.min(first * 2 ** Math.max(refusals - 1, 0), LONGEST_PAUSE_MS);
}

const isDue = ({ askAgainAt, onServer, ceiling }: JobCapacity, now: number): boolean =>
  askAgainAt !== null && now >= askAgainAt && isBelow(sizeOf(onServer), ceiling);

/** Whether a queued job may start. */
export const isPlaceFree = (capacity: JobCapacity, now: number): boolean =>
  sizeOf(capacity.holders) < capacity.limit ||
  (isDue(capacity, now) && sizeOf(capacity.holders) <= capacity.limit);

export const hasPlace = ({ holders }: JobCapacity, jobId: string): boolean => hasId(holders, jobId);

export const placeTaken = (capacity: JobCapacity, jobId: string): JobCapacity => ({
  ...capacity,
  holders: withId(capacity.holders, jobId),
});

/** The job is on the server: created by this lane, or found there. */
export function jobArrived(before: JobCapacity, jobId: string, now: number): JobCapacity {
  if (hasId(before.onServer, jobId)) return before;
  const capacity = { ...placeTaken(before, jobId), onServer: withId(before.onServer, jobId) };
  const { limit, ceiling, askAgainAt } = capacity;
  const count = sizeOf(capacity.onServer);
  if (count > limit)
    return { ...capacity, limit: count, refusals: 0, askAgainAt: isBelow(count, ceiling) ? now : null };
  const isFull = askAgainAt === null && count === limit && isBelow(limit, ceiling);
  return isFull ? { ...capacity, limit: limit + 1 } : capacity;
}

/** The job has ended, on the server or here. */
export const placeReleased = (capacity: JobCapacity, jobId: string): JobCapacity => ({
  ...capacity,
  holders: withoutId(capacity.holders, jobId),
  onServer: withoutId(capacity.onServer, jobId),
});

/**
 * The capacity after a job with a place sends its create; undefined if none may be sent. One create beyond the assumed limit is
 * allowed per pause.
 */
export function createSending(capacity: JobCapacity, now: number): JobCapacity | undefined {
  if (sizeOf(capacity.onServer) < capacity.limit) return capacity;
  if (!isDue(capacity, now)) return undefined;
  return { ...capacity, askAgainAt: askAgainFrom(capacity, capacity.refusals, now) };
}

/** The server refused a create: too many concurrent jobs. */
export function createRefusedAt(capacity: JobCapacity, now: number): JobCapacity {
  const refusals = capacity.refusals + 1;
  return {
    ...capacity,
    limit: sizeOf(capacity.onServer),
    refusals,
    askAgainAt: askAgainFrom(capacity, refusals, now),
  };
}
