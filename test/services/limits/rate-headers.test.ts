import { describe, expect, it } from 'vitest';
import {
  FARTHEST_CREATE_RESET_MS,
  FARTHEST_RESET_MS,
  parseRateHeaders,
  parseTime,
} from '../../../src/services/limits/rate-headers.js';

const NOW = Date.UTC(2026, 2, 30, 12);
const SKEW = 4_000;
const IN_30 = NOW + 30_000;

describe('the unit of a time', () => {
  it.each([
    ['ns', '100000000000000000', 1e11, 1e11],
    ['µs', '100000000000000', 1e11, 1e11],
    ['ms', '100000000000', 1e11, 1e11],
    ['s', '1000000000', 1e12, 1e12 + 999],
    ['ms, at their most', '99999999999999', 99_999_999_999_999, 99_999_999_999_999],
  ])('is %s from here on', (_unit, text, now, expected) => {
    expect(parseTime(text, now)).toBe(expected);
  });

  it('is seconds from now below that', () => {
    expect(parseTime('999999999', 0, 0, 1e12)).toBe(999_999_999_000);
  });

  it.each([
    ['ns', `${IN_30 + SKEW}000000`, IN_30],
    ['µs', `${IN_30 + SKEW}000`, IN_30],
    ['ms', `${IN_30 + SKEW}`, IN_30],
    ['s', `${(IN_30 + SKEW) / 1e3}`, IN_30 + 999],
    ['a date', new Date(IN_30 + SKEW).toUTCString(), IN_30 + 999],
    ['ISO', new Date(IN_30 + SKEW + 1).toISOString(), IN_30 + 1],
    ['seconds from now', '30', IN_30],
  ])('is corrected by the skew: %s', (_unit, text, expected) => {
    expect(parseTime(text, NOW, SKEW)).toBe(expected);
  });
});

describe('the forms of a time', () => {
  it.each([
    [' 30 ', IN_30],
    ['30 s', IN_30],
    ['30S', IN_30],
    ['+30', IN_30],
    ['3e1', IN_30],
    ['3E+1', IN_30],
    ['300e-1', IN_30],
    ['30.0', IN_30],
    ['30.25', IN_30 + 250],
    ['30.255', IN_30 + 255],
    ['-2', NOW - 2_000],
    ['0.0005', NOW + 1],
    ['2026-03-30T12:00:30', IN_30 + 999],
    ['2026-03-30 12:00:30', IN_30 + 999],
    ['2026-03-30T12:00', NOW + 999],
    ['2026-03-30T12:00:30.25', IN_30 + 250],
    ['2026-03-30T14:00:30+02:00', IN_30 + 999],
    ['2026-03-30T12:00:30Z', IN_30 + 999],
  ])('%j', (text, expected) => {
    expect(parseTime(text, NOW)).toBe(expected);
  });

  it.each(['30x', 'x30', '30 seconds', 's', '3 0', '1e', '', '   ', ',', Number.NaN, {}, null, true, []])(
    'not %j',
    (value) => {
      expect(parseTime(value, NOW)).toBeUndefined();
    },
  );
});

describe('a time that came several times', () => {
  it.each([
    ['9,30', IN_30],
    ['30, 9', IN_30],
    ['9,   30s', IN_30],
    ['9s,30', IN_30],
    ['30.5,9', IN_30 + 500],
    ['9,30.5', IN_30 + 500],
    ['9, +30', IN_30],
    ['9, 30 s', IN_30],
    ['9, 30.25', IN_30 + 250],
    ['30, -1', IN_30],
    ['30,', IN_30],
    ['30 , ', IN_30],
    ['30, , ,', IN_30],
    ['soon, 30', IN_30],
    [`${new Date(IN_30).toUTCString()}, 9`, IN_30 + 999],
    [`9, ${new Date(IN_30).toUTCString()}`, IN_30 + 999],
    ['2026-03-30T12:00:10Z, 2026-03-30T12:00:30Z', IN_30 + 999],
    [[9, 30], IN_30],
    [['9', 'x', '30'], IN_30],
  ])('%j', (value, expected) => {
    expect(parseTime(value, NOW)).toBe(expected);
  });
});

describe('the bounds of what is believed', () => {
  it.each([
    [NOW - 5_000, NOW - 5_000],
    [NOW - 5_001, undefined],
    [NOW + FARTHEST_CREATE_RESET_MS, NOW + FARTHEST_CREATE_RESET_MS],
    [NOW + FARTHEST_CREATE_RESET_MS + 1, undefined],
  ])('%d', (at, expected) => {
    expect(parseTime(String(at), NOW)).toBe(expected);
  });

  it('are a day and a minute, and two days for creations', () => {
    expect([FARTHEST_RESET_MS, FARTHEST_CREATE_RESET_MS]).toEqual([86_460_000, 172_800_000]);
  });
});

describe('the headers of a reply', () => {
  it.each(['x-ratelimit-', 'ratelimit-'])('%s', (prefix) => {
    const headers = { [`${prefix}limit`]: '60', [`${prefix}remaining`]: '7', [`${prefix}reset`]: '30' };
    expect(parseRateHeaders(headers, NOW)).toStrictEqual({ limit: 60, remaining: 7, resetAt: IN_30 });
  });

  it('prefer the API’s own spelling, and take Retry-After', () => {
    const own = { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': '30' };
    const other = { 'ratelimit-limit': '1', 'ratelimit-remaining': '1', 'ratelimit-reset': '1' };
    expect(parseRateHeaders({ ...own, ...other, 'retry-after': '5' }, NOW)).toStrictEqual({
      limit: 60,
      remaining: 7,
      resetAt: IN_30,
      retryAfterAt: NOW + 5_000,
    });
    expect(parseRateHeaders({ 'retry-after': '5' }, NOW)).toStrictEqual({ retryAfterAt: NOW + 5_000 });
    expect(parseRateHeaders({}, NOW)).toStrictEqual({});
  });

  it('are corrected and bounded', () => {
    const at = String(IN_30 + SKEW);
    const headers = { 'x-ratelimit-reset': at, 'retry-after': at };
    expect(parseRateHeaders(headers, NOW, SKEW)).toStrictEqual({ resetAt: IN_30, retryAfterAt: IN_30 });
    expect(parseRateHeaders(headers, NOW, SKEW, 29_999)).toStrictEqual({});
  });

  it.each([
    ['0', 0],
    [' 0 ', 0],
    ['60', 60],
    [60, 60],
    [' 60 ', 60],
    ['7.9', 7],
    ['7, 3', 3],
    ['3, 7', 3],
    [['7', '3'], 3],
    ['5,', 5],
    [', 5', 5],
    ['5, , 6', 5],
    ['123456789012345678', 123456789012345680],
    ['-1', undefined],
    ['-0.5', undefined],
    ['many', undefined],
    ['7, many', undefined],
    ['60;w=60', undefined],
    ['x60', undefined],
    ['', undefined],
    [',', undefined],
    [null, undefined],
    [Number.POSITIVE_INFINITY, undefined],
  ])('count %j as %s', (value, expected) => {
    expect(parseRateHeaders({ 'x-ratelimit-limit': value }, NOW).limit).toBe(expected);
  });
});
