/** How many jobs the key can have at once, as far as it is known, and who has a place. */
export interface Places {
  /** Jobs that have a place: on the server, or on their way to it. */
  readonly taken: number;
  /** How many there are, as it is believed. */
  readonly limit: number;
  /** Epoch ms at which it is worth asking for more than is believed; undefined while nothing was refused. */
  readonly askAgainAt: number | undefined;
  /** Whether a job that waits may have one. */
  isFree(now: number): boolean;
  has(jobId: string): boolean;
  take(jobId: string): void;
  /** The job is on the server. False where that was known. */
  arrived(jobId: string, now: number): boolean;
  /** The job has ended, on the server or here. False where it had no place. */
  release(jobId: string): boolean;
  /** Whether the create of a job that has a place here may be sent. A yes that goes beyond what is believed is given once a pause. */
  mayCreate(now: number): boolean;
  /** The server refused a create: too many jobs at once. */
  refused(now: number): void;
}

export interface PlacesOptions {
  /** What the plan says, where the host knows it. */
  readonly hint?: number | undefined;
  /** The host's own wish: never more than this. */
  readonly most?: number | undefined;
}

/** The smallest plan's (Rate Limits: Free), where nothing is known. */
const SMALLEST_PLAN = 5;
/**
 * After a refusal the server is asked for more after so long, after the next one after twice as long, and so on: soon where this process
 * has no job at all, and seldom where it has some, whose places come back to it anyway.
 */
const HUNGRY_PAUSE_MS = 30_000;
const FED_PAUSE_MS = 5 * 60_000;
const LONGEST_PAUSE_MS = 30 * 60_000;

const whole = (count: number | undefined): number =>
  count !== undefined && count >= 1 ? Math.floor(count) : Number.POSITIVE_INFINITY;

/**
 * The limit is learned by asking. Where the plan is not known, each create that succeeds at the limit raises it by one. A refusal sets it
 * to what this process has on the server, for other processes have the rest: a place that one of our jobs gives back is ours to take again
 * without a risk, and more are asked for only now and then, until a no.
 */
export function createPlaces({ hint, most }: PlacesOptions): Places {
  const ceiling = Math.min(whole(most), whole(hint));
  const isHinted = Number.isFinite(whole(hint));
  const holders = new Set<string>();
  const onServer = new Set<string>();
  let limit = Math.min(isHinted ? whole(hint) : SMALLEST_PLAN, ceiling);
  let askAgainAt: number | undefined;
  let refusals = 0;

  const pauseMs = (): number => {
    const first = onServer.size === 0 ? HUNGRY_PAUSE_MS : FED_PAUSE_MS;
    return Math.min(first * 2 ** Math.max(refusals - 1, 0), LONGEST_PAUSE_MS);
  };
  const isDue = (now: number): boolean =>
    askAgainAt !== undefined && now >= askAgainAt && onServer.size < ceiling;

  return {
    get taken() {
      return holders.size;
    },
    get limit() {
      return limit;
    },
    get askAgainAt() {
      return askAgainAt;
    },
    isFree: (now) => holders.size < limit || (isDue(now) && holders.size <= limit),
    has: (jobId) => holders.has(jobId),
    take: (jobId) => void holders.add(jobId),
    arrived(jobId, now) {
      if (onServer.has(jobId)) return false;
      holders.add(jobId);
      onServer.add(jobId);
      if (onServer.size > limit) {
        limit = onServer.size;
        refusals = 0;
        askAgainAt = limit < ceiling ? now : undefined;
      } else if (askAgainAt === undefined && onServer.size === limit && limit < ceiling) limit += 1;
      return true;
    },
    release(jobId) {
      onServer.delete(jobId);
      return holders.delete(jobId);
    },
    mayCreate(now) {
      if (onServer.size < limit) return true;
      if (!isDue(now)) return false;
      askAgainAt = now + pauseMs();
      return true;
    },
    refused(now) {
      limit = onServer.size;
      refusals += 1;
      askAgainAt = now + pauseMs();
    },
  };
}
