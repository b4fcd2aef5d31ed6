import type { Endpoint } from './endpoint.js';

/** What is known of a 429. Times are epoch ms on this machine's clock. */
export interface Limited {
  readonly endpoint: Endpoint;
  /** The server's `error` and `message`. */
  readonly said: string;
  readonly now: number;
  readonly remaining?: number;
  readonly resetAt?: number;
  readonly retryAfterAt?: number;
}

/** Which limit a 429 is about, and when it opens, if known. */
export interface LimitKind {
  readonly limit: 'quota' | 'concurrency';
  readonly retryAt?: number;
}

function latest(candidates: readonly (number | undefined)[]): Pick<LimitKind, 'retryAt'> {
  const times = candidates.filter((at) => at !== undefined);
  return times.length === 0 ? {} : { retryAt: Math.max(...times) };
}

const SAYS_CONCURRENT = /concurren|simultaneous|parallel|in progress|too many (active|running|open)/i;
/** A reset this near is always waited for: it costs little, and retrying earlier could break law 3, never early. */
const NEAR_MS = 60_000;
/** A concurrency limit opens when a job ends. A longer hint is the reset of a quota. */
const LONGEST_HINT_MS = 120_000;

function isConcurrency({ endpoint, said, now, remaining, resetAt }: Limited): boolean {
  // Only starting a job can exceed the limit of concurrent jobs.
  if (endpoint !== 'create' && endpoint !== 'confirm') return false;
  if (SAYS_CONCURRENT.test(said)) return true;
  // A 429 while requests remain is not about the quota.
  const isFar = resetAt === undefined || resetAt - now > NEAR_MS;
  return (remaining ?? 0) > 0 && isFar;
}

/** Until when the requests of this window are used up. A distant reset is not about this window. */
export const spentUntil = ({ now, remaining, resetAt }: Limited): number | undefined =>
  remaining === 0 && resetAt !== undefined && resetAt - now <= NEAR_MS ? resetAt : undefined;

/**
 * Distinguishes an exhausted quota from too many concurrent jobs ("Rate Limits": the reference uses status 429 for both). The
 * reset of a quota may be a day away and says nothing about jobs that end sooner. For a quota, the later of the two times counts.
 */
export function limitKind(limited: Limited): LimitKind {
  const { now, resetAt, retryAfterAt } = limited;
  if (isConcurrency(limited)) {
    const hint =
      retryAfterAt !== undefined && retryAfterAt - now <= LONGEST_HINT_MS ? retryAfterAt : undefined;
    return { limit: 'concurrency', ...latest([hint, spentUntil(limited)]) };
  }
  return { limit: 'quota', ...latest([resetAt, retryAfterAt]) };
}
