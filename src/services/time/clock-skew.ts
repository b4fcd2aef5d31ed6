/** What is known of the server's clock minus ours, in ms: it lies between the two. */
export interface ClockSkew {
  readonly low: number;
  readonly high: number;
}

/**
 * One more exchange. The `Date` header is whole seconds and was written between sending and receiving, so the skew
 * lies in [date - receivedAt, date + 1000 - sentAt]; each exchange narrows it. A contradiction (a clock was set) starts over.
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
 * The skew to reckon a reset with: the least that is possible, so that a reset is never taken too early (law 3).
 * A whole-second header leaves up to a second of doubt; the narrower the interval, the less is waited in vain.
 * Of a server without a `Date` all that can be believed is that its clock is right, as ours is meant to be since it was set (`wallOffset`).
 */
export const cautiousSkewMs = (known: ClockSkew | undefined, wallOffset = 0): number =>
  known?.low ?? wallOffset;
