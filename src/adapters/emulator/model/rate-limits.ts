import type { ApiEndpoint } from './endpoint.js';
import { createLimiter, type Limiter, type LimitReading } from './limiter.js';
import type { RateState } from './log.js';
import type { PlanLimits, Quota } from './plans.js';
import type { KeyRecord, World } from './world.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

function quotaOf(limits: PlanLimits, endpoint: ApiEndpoint): Quota {
  if (endpoint === 'create') return { limit: limits.createsPerDay, windowMs: DAY_MS };
  if (endpoint === 'status') return { limit: limits.statusReadsPerMinute, windowMs: MINUTE_MS };
  return { limit: limits.otherRequestsPerMinute ?? Number.POSITIVE_INFINITY, windowMs: MINUTE_MS };
}

/** The limit of a key's calls to an endpoint. */
export function limiterOf(world: World, key: KeyRecord, endpoint: ApiEndpoint): Limiter {
  const known = key.limiters.get(endpoint);
  if (known !== undefined) return known;
  const limiter = createLimiter(world.settings.limiter, quotaOf(key.limits, endpoint));
  key.limiters.set(endpoint, limiter);
  return limiter;
}

/** The current state of the limit; a fault may keep it closed longer. */
export function readLimit(world: World, key: KeyRecord, endpoint: ApiEndpoint, now: number): LimitReading {
  const reading = limiterOf(world, key, endpoint).peek(now);
  const heldUntil = key.heldShut.get(endpoint) ?? 0;
  if (heldUntil <= now) return reading;
  return { remaining: 0, resetAt: Math.max(heldUntil, reading.remaining === 0 ? reading.resetAt : 0) };
}

/** The limit when a request arrives. `sentAt` decides whether the client could have known it. */
export function rateStateAt(
  world: World,
  key: KeyRecord,
  endpoint: ApiEndpoint,
  now: number,
  sentAt: number,
): RateState {
  const reading = readLimit(world, key, endpoint, now);
  const lastReported = key.lastReported.get(endpoint);
  const knownShut =
    lastReported !== undefined && lastReported.heardAt <= sentAt && sentAt < lastReported.until;
  return { ...reading, shut: reading.remaining === 0, knownShut };
}

/** Records that the client received a reply: it now knows whether the limit is closed, and until when. */
export function noteHeard(key: KeyRecord, endpoint: ApiEndpoint, rate: LimitReading, at: number): void {
  if (rate.remaining === 0) key.lastReported.set(endpoint, { heardAt: at, until: rate.resetAt });
}
