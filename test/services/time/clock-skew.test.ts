import { describe, expect, it } from 'vitest';
import { cautiousSkewMs, narrowSkew } from '../../../src/services/time/clock-skew.js';

const NOW = Date.UTC(2026, 2, 30, 12);
const dated = (ms: number): string => new Date(NOW + ms).toUTCString();

describe('the bounds of the skew', () => {
  const first = narrowSkew(undefined, dated(5_000), NOW - 100, NOW + 40);

  it('are those of one exchange at first', () => {
    expect(first).toEqual({ low: 4_960, high: 6_100 });
  });

  it('are the narrower ones of two exchanges, of each side alone', () => {
    expect(narrowSkew(first, dated(5_000), NOW, NOW + 10)).toEqual({ low: 4_990, high: 6_000 });
    expect(narrowSkew(first, dated(5_000), NOW - 900, NOW + 900)).toEqual(first);
  });

  it('may meet in a point', () => {
    expect(narrowSkew({ low: 0, high: 100 }, dated(0), NOW - 9_000, NOW - 100)).toEqual({
      low: 100,
      high: 100,
    });
  });

  it.each([60_000, -60_000])('start over where they contradict each other, by %d', (ms) => {
    expect(narrowSkew(first, dated(ms), NOW, NOW)).toEqual({ low: ms, high: ms + 1_000 });
  });

  it.each([undefined, 'yesterday', '', 7, [dated(0)], new Date(NOW)])('stay as they are for %j', (header) => {
    expect(narrowSkew(first, header, NOW, NOW)).toBe(first);
    expect(narrowSkew(undefined, header, NOW, NOW)).toBeUndefined();
  });
});

describe('the skew that a reset is corrected by', () => {
  it('is the smallest possible one, or what our clock was set by', () => {
    expect(cautiousSkewMs({ low: -7, high: 9 }, 100)).toBe(-7);
    expect(cautiousSkewMs({ low: 0, high: 9 }, 100)).toBe(0);
    expect([cautiousSkewMs(undefined, 100), cautiousSkewMs(undefined)]).toEqual([100, 0]);
  });
});
