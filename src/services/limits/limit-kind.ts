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

/** Which limit a 429 is about, and until when it is shut, where that is known. */
export interface LimitKind {
  readonly limit: 'quota' | 'concurrency';
  readonly retryAt?: number;
}

function latest(candidates: readonly (number | undefined)[]): Pick<LimitKind, 'retryAt'> {
  const times = candidates.filter((at) => at !== undefined);
  return times.length === 0 ? {} : { retryAt: Math.max(...times) };
}

const SAYS_CONCURRENT = /concurren|simultaneous|parallel|in progress|too many (active|running|open)/i;
/** A reset so near is waited for whatever the limit is: it costs little, and asking earlier could break law 3. */
const NEAR_MS = 60_000;
/** A place among the concurrent jobs is free when a job ends: a longer hint is a quota's reset in disguise. */
const LONGEST_HINT_MS = 120_000;

function isConcurrency({ endpoint, said, now, remaining, resetAt }: Limited): boolean {
  // Only what starts a job can meet the limit of jobs at once.
  if (endpoint !== 'create' && endpoint !== 'confirm') return false;
  if (SAYS_CONCURRENT.test(said)) return true;
  // A 429 while requests remain is not about the quota.
  const isFar = resetAt === undefined || resetAt - now > NEAR_MS;
  return (remaining ?? 0) > 0 && isFar;
}

/** Until when the requests of this window are spent, whatever else stands in the way; a reset that is far is not about them. */
export const spentUntil = ({ now, remaining, resetAt }: Limited): number | undefined =>
  remaining === 0 && resetAt !== undefined && resetAt - now <= NEAR_MS ? resetAt : undefined;

/**
 * Tells a spent quota from too many concurrent jobs (Rate Limits: the reference gives both the status 429). The reset of the
 * quota, perhaps a day away, says nothing about jobs that end sooner. A quota is waited for until the later of the two times.
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
