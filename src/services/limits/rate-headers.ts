/** What a reply says about the limit of its endpoint ("Rate Limits"). */
export interface RateReading {
  readonly limit?: number;
  readonly remaining?: number;
  /** Epoch ms on this machine's clock. */
  readonly resetAt?: number;
  /** Epoch ms on this machine's clock, from `Retry-After`. */
  readonly retryAfterAt?: number;
}

/** Headers by lower-case name. */
export type HeaderMap = Readonly<Record<string, unknown>>;

const DAY_MS = 86_400_000;
/** A reset in the recent past means "now"; further back it is implausible. */
const PAST_TOLERANCE_MS = 5_000;
/** All limits except that of creations have windows of a minute or less; a later reset than this is implausible. */
export const FARTHEST_RESET_MS = DAY_MS + 60_000;
/** Creations are counted per day: with a wrong clock, their reset may seem up to two days ahead. */
export const FARTHEST_CREATE_RESET_MS = 2 * DAY_MS;

const textOf = (value: unknown): string | undefined => {
  const whole: unknown = Array.isArray(value) ? value.join(', ') : value;
  if (typeof whole === 'number') return String(whole);
  return typeof whole === 'string' && whole.trim() !== '' ? whole.trim() : undefined;
};

/** Splits a header that was sent twice and joined by commas. An HTTP date contains a comma too. */
const eachOf = (text: string): string[] =>
  text.replace(/[,\s]+$/, '').split(/,\s*(?=[+-]?\d+(?:\.\d+)?\s*s?(?:,|$)|\w{3}, |\d{4}-)/);

/** Whole seconds were probably rounded down: the real time may be up to a second later (law 3, never early). */
const wholeSecond = (seconds: number): number =>
  Number.isInteger(seconds) ? seconds * 1e3 + 999 : seconds * 1e3;

/** The unit follows from the size: epoch ns, µs, ms or s, or seconds from now. */
function fromNumber(value: number, now: number, skewMs: number): number {
  if (value >= 1e17) return value / 1e6 - skewMs;
  if (value >= 1e14) return value / 1e3 - skewMs;
  if (value >= 1e11) return value - skewMs;
  if (value >= 1e9) return wholeSecond(value) - skewMs;
  return now + value * 1e3;
}

function fromDate(text: string, skewMs: number): number {
  const at = Date.parse(ISO_WITHOUT_ZONE.test(text) ? `${text.replace(' ', 'T')}Z` : text);
  return wholeSecond(at / 1e3) - skewMs;
}

const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?\s*s?$/i;
const DIGITS = /^\d{1,17}$/;
const ISO_WITHOUT_ZONE = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;

/**
 * Reads a time from a header as epoch ms on this machine's clock; undefined if implausible. The reference does not state the
 * unit, so all are recognised: epoch seconds, ms, µs and ns, seconds from now (`30`, `30s`), HTTP dates and ISO. If a header was
 * sent several times, the latest time counts. `skewMs` is the server's clock minus ours; it does not affect times relative to
 * now.
 */
export function parseTime(
  value: unknown,
  now: number,
  skewMs = 0,
  farthestMs = FARTHEST_CREATE_RESET_MS,
): number | undefined {
  const text = textOf(value);
  if (text === undefined) return undefined;
  // The common case first, because every poll passes through here: a single number.
  if (DIGITS.test(text)) return parseOne(text, now, skewMs, farthestMs);
  const times = eachOf(text).flatMap((one) => parseOne(one, now, skewMs, farthestMs) ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

function parseOne(text: string, now: number, skewMs: number, farthestMs: number): number | undefined {
  const at = NUMBER.test(text) ? fromNumber(Number.parseFloat(text), now, skewMs) : fromDate(text, skewMs);
  const isBelievable = Number.isFinite(at) && at >= now - PAST_TOLERANCE_MS && at <= now + farthestMs;
  return isBelievable ? Math.ceil(at) : undefined;
}

function count(value: unknown): number | undefined {
  if (typeof value === 'string' && DIGITS.test(value)) return Number(value);
  const parts = (textOf(value)?.split(',') ?? []).filter((part) => part.trim() !== '');
  const number = Math.min(...parts.map(Number));
  return Number.isFinite(number) && number >= 0 ? Math.floor(number) : undefined;
}

/** Reads `X-RateLimit-*` and `Retry-After`. Implausible values (negative, NaN, further ahead than `farthestMs`) are left out. */
export function parseRateHeaders(
  headers: HeaderMap,
  now: number,
  skewMs = 0,
  farthestMs = FARTHEST_CREATE_RESET_MS,
): RateReading {
  const limit = count(headers['x-ratelimit-limit'] ?? headers['ratelimit-limit']);
  const remaining = count(headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining']);
  const reset = headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'];
  const resetAt = parseTime(reset, now, skewMs, farthestMs);
  const retryAfterAt = parseTime(headers['retry-after'], now, skewMs, farthestMs);
  // Built in one object, because every reply passes through here.
  const reading: { -readonly [Name in keyof RateReading]: RateReading[Name] } = {};
  if (limit !== undefined) reading.limit = limit;
  if (remaining !== undefined) reading.remaining = remaining;
  if (resetAt !== undefined) reading.resetAt = resetAt;
  if (retryAfterAt !== undefined) reading.retryAfterAt = retryAfterAt;
  return reading;
}
