/** Bounds for the server's clock minus ours, in ms. */
export interface ClockSkew {
  readonly low: number;
  readonly high: number;
}

/**
 * Narrows the bounds with one more exchange. The `Date` header has whole seconds and was written between sending and receiving,
 * so the skew lies in [date - receivedAt, date + 1000 - sentAt]. After a contradiction (a clock was set) it starts over.
 */
export function narrowSkew(
  known: ClockSkew | undefined,
  dateHeader: unknown,
  sentAt: number,
  receivedAt: number,
): ClockSkew | undefined {
  const date = typeof dateHeader === 'string' ? Date.parse(dateHeader) : Number.NaN;
  if (!Number.isFinite(date)) return known;
  const seen: ClockSkew = { low: date - receivedAt, high: date + 1_000 - sentAt };
  if (known === undefined) return seen;
  const both: ClockSkew = { low: Math.max(known.low, seen.low), high: Math.min(known.high, seen.high) };
  return both.low > both.high ? seen : both;
}

/**
 * The skew to use for a reset: the smallest possible, so that a reset is never assumed too early (law 3, never early). A
 * whole-second header leaves up to a second of doubt; the narrower the bounds, the shorter the unnecessary wait. Without a
 * `Date`, the server's clock is assumed to be right, as ours is assumed to be since it was set (`wallOffset`).
 */
export const cautiousSkewMs = (known: ClockSkew | undefined, wallOffset = 0): number =>
  known?.low ?? wallOffset;
