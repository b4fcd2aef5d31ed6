import type { Quota } from './plans.js';

/**
 * The reference does not say how requests are counted, so all usual algorithms are available. `fixed`: windows aligned to the
 * epoch (a day is a UTC day). `sliding`: a log of the last window. `bucket`: refilled evenly.
 */
export type LimiterKind = 'fixed' | 'sliding' | 'bucket';

export interface LimitReading {
  readonly remaining: number;
  /** Epoch ms. If `remaining` is 0, it is positive at this time. */
  readonly resetAt: number;
}

export interface Limiter {
  peek(now: number): LimitReading;
  /** Counts one request; call it only while `remaining` is above 0. */
  take(now: number): void;
}

function fixedWindow({ limit, windowMs }: Quota): Limiter {
  let window = Number.NEGATIVE_INFINITY;
  let used = 0;
  const enter = (now: number): void => {
    const current = Math.floor(now / windowMs);
    if (current === window) return;
    window = current;
    used = 0;
  };
  return {
    peek(now) {
      enter(now);
      return { remaining: Math.max(0, limit - used), resetAt: (window + 1) * windowMs };
    },
    take(now) {
      enter(now);
      used += 1;
    },
  };
}

function slidingLog({ limit, windowMs }: Quota): Limiter {
  let taken: number[] = [];
  let first = 0;
  const forget = (now: number): void => {
    while (first < taken.length && (taken[first] ?? now) <= now - windowMs) first += 1;
    if (first < 1024) return;
    taken = taken.slice(first);
    first = 0;
  };
  return {
    peek(now) {
      forget(now);
      const oldest = taken[first];
      const resetAt = (oldest ?? now) + windowMs;
      return { remaining: Math.max(0, limit - (taken.length - first)), resetAt };
    },
    take(now) {
      forget(now);
      taken.push(now);
    },
  };
}

function tokenBucket({ limit, windowMs }: Quota): Limiter {
  const msPerToken = windowMs / limit;
  let tokens = limit;
  let filledAt = Number.NEGATIVE_INFINITY;
  const fill = (now: number): void => {
    if (now <= filledAt) return;
    tokens = Math.min(limit, tokens + (now - filledAt) / msPerToken);
    filledAt = now;
  };
  return {
    peek(now) {
      fill(now);
      const missing = tokens < 1 ? 1 - tokens : limit - tokens;
      // The next whole ms, so that despite rounding there is a whole token at the stated time.
      return { remaining: Math.floor(tokens), resetAt: Math.floor(now + missing * msPerToken) + 1 };
    },
    take(now) {
      fill(now);
      tokens -= 1;
    },
  };
}

/** Shown without a limit: the headers are "included in all responses". */
const PLENTY = 1_000_000;

const unlimited = ({ windowMs }: Quota): Limiter => ({
  peek: (now) => ({ remaining: PLENTY, resetAt: now + windowMs }),
  take: () => undefined,
});

/** Counts the requests of one key to one endpoint. */
export function createLimiter(kind: LimiterKind, quota: Quota): Limiter {
  if (quota.limit === Number.POSITIVE_INFINITY) return unlimited(quota);
  if (kind === 'fixed') return fixedWindow(quota);
  return kind === 'sliding' ? slidingLog(quota) : tokenBucket(quota);
}
