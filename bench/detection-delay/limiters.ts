import type { Random } from './random.js';

export interface Answer {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Epoch ms as the client reads it from the header. */
  readonly resetAt: number;
}

/** A rate limit of one key, asked once per request that arrives. */
export type Limiter = (now: number) => Answer;

export const LIMITERS = ['FW', 'SL', 'TB'] as const;
export type LimiterName = (typeof LIMITERS)[number];

export const WINDOW_MS = 60_000;

/** How a server writes a time: exact, or whole seconds rounded up or down. */
function rounding(random: Random): (at: number) => number {
  const style = Math.floor(random.next() * 3);
  if (style === 0) return (at) => at;
  return style === 1 ? (at) => Math.ceil(at / 1_000) * 1_000 : (at) => Math.floor(at / 1_000) * 1_000;
}

export function createLimiter(name: LimiterName, limit: number, random: Random): Limiter {
  const written = rounding(random);
  switch (name) {
    case 'FW':
      return fixedWindow(limit, random.next() * WINDOW_MS, written);
    case 'SL':
      return slidingLog(limit, written);
    default:
      return tokenBucket(limit, written);
  }
}

function fixedWindow(limit: number, phase: number, written: (at: number) => number): Limiter {
  let end = Number.NEGATIVE_INFINITY;
  let used = 0;
  return (now) => {
    if (now >= end) {
      end = Math.floor((now - phase) / WINDOW_MS) * WINDOW_MS + phase + WINDOW_MS;
      used = 0;
    }
    const allowed = used < limit;
    if (allowed) used += 1;
    return { allowed, remaining: limit - used, resetAt: written(end) };
  };
}

/** The reset is when the oldest request leaves the window. Refused requests do not count. */
function slidingLog(limit: number, written: (at: number) => number): Limiter {
  let log: number[] = [];
  let head = 0;
  return (now) => {
    while (head < log.length && (log[head] ?? now) <= now - WINDOW_MS) head += 1;
    if (head > 4_096) {
      log = log.slice(head);
      head = 0;
    }
    const allowed = log.length - head < limit;
    if (allowed) log.push(now);
    return {
      allowed,
      remaining: limit - (log.length - head),
      resetAt: written((log[head] ?? now) + WINDOW_MS),
    };
  };
}

/** Holds a window's worth of tokens, refilled evenly. The reset is when it would be full again. */
function tokenBucket(limit: number, written: (at: number) => number): Limiter {
  const perMs = limit / WINDOW_MS;
  let tokens = limit;
  let at = 0;
  return (now) => {
    tokens = Math.min(limit, tokens + (now - at) * perMs);
    at = now;
    const allowed = tokens >= 1;
    if (allowed) tokens -= 1;
    return { allowed, remaining: Math.floor(tokens), resetAt: written(now + (limit - tokens) / perMs) };
  };
}
