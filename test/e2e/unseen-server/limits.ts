import type { Call, Limit } from './faults.js';
import { type Readings, writtenReset } from './readings.js';

const DAY_MS = 86_400_000;
const LEFT = '57';

/** Requests under way when a limit closed could not know: for so long (ms) none counts as a breach. */
const UNDER_WAY_MS = 150;

export interface Limits {
  /** How long (ms) the limit of this call is still closed, for requests that can know. */
  shutFor(call: Call): number;
  /** Shuts it; a reset that can only be sent in whole seconds is rounded up. */
  shut(call: Call, ms: number): number;
  headers(): Record<string, string>;
  refusal(call: Call, limit: Limit): Record<string, string>;
}

/** The limits of the key, and how replies report them. Times are of this machine's clock; the headers are of the server's. */
export function createLimits(readings: Readings): Limits {
  const resets = new Map<Call, number>();
  const shutAt = new Map<Call, number>();
  const reported = (at: number): string => writtenReset(readings, at, Date.now());
  const shown = (): Record<string, string> =>
    readings.shownRateLimits
      ? { 'X-RateLimit-Remaining': LEFT, 'X-RateLimit-Reset': reported(Date.now() + 60_000) }
      : {};
  const isWhole = readings.resetFormat === 'seconds' || readings.resetFormat === 'http-date';
  const shut = (call: Call, ms: number): number => {
    const known = resets.get(call);
    if (known !== undefined && known > Date.now()) return known;
    const there = Date.now() + ms + readings.skewMs;
    const at = (isWhole ? Math.ceil(there / 1_000) * 1_000 : there) - readings.skewMs;
    resets.set(call, at);
    shutAt.set(call, Date.now());
    return at;
  };
  return {
    shutFor: (call) =>
      Date.now() - (shutAt.get(call) ?? 0) < UNDER_WAY_MS
        ? 0
        : Math.max(0, (resets.get(call) ?? 0) - Date.now()),
    shut,
    headers: shown,
    refusal(call, limit) {
      // Too many jobs at once: a request before it heals is no breach, unless a reply said when.
      const isTold =
        limit.header !== 'none' && (!limit.concurrency || limit.header.startsWith('retry-after'));
      const at = isTold ? shut(call, limit.ms) : Date.now() + limit.ms;
      const reset = limit.concurrency ? Date.now() + DAY_MS : at;
      const seconds = String(Math.ceil((at - Date.now()) / 1_000));
      const date = new Date(Math.ceil((at + readings.skewMs) / 1_000) * 1_000).toUTCString();
      return {
        ...(limit.remaining === undefined ? {} : { 'X-RateLimit-Remaining': String(limit.remaining) }),
        ...(limit.header === 'reset' || limit.header === 'both'
          ? { 'X-RateLimit-Reset': reported(reset) }
          : {}),
        ...(limit.header === 'retry-after' || limit.header === 'both' ? { 'Retry-After': seconds } : {}),
        ...(limit.header === 'retry-after-date' ? { 'Retry-After': date } : {}),
      };
    },
  };
}
