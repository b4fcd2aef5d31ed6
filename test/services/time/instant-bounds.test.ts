import { describe, expect, it } from 'vitest';
import { readInstant } from '../../../src/services/time/instant.js';

describe('the size of a number decides its unit', () => {
  it.each([
    [999_999_999, undefined],
    [1e9, 1e12],
    [99_999_999_999, 99_999_999_999_000],
    [1e11, 1e11],
    [99_999_999_999_999, 99_999_999_999_999],
    [1e14, 1e11],
    [1e17, 1e11],
    [1e20, undefined],
    ['1774879200.5', 1_774_879_200_500],
    ['1774879200.123', 1_774_879_200_123],
  ])('%j is %j', (value, at) => expect(readInstant(value)).toBe(at));

  it('decimals count, the rest is cut', () => {
    expect(readInstant(1_774_879_200_000_900)).toBe(1_774_879_200_000);
  });

  it.each(['x1774879200', '1774879200x', '1774879200.', '1774879200.x', '12345678'])(
    '%s is not a number of them',
    (text) => expect(readInstant(text)).toBeUndefined(),
  );
});

describe('the parts of a date', () => {
  const DAY = Date.UTC(2026, 2, 30);

  it.each([
    ['2026-03-30', DAY],
    ['20260330', DAY],
    ['2026-03-30T00:00:00', DAY],
    ['2026-03-30T14:05', DAY + (14 * 60 + 5) * 60_000],
    ['2026-03-30T14:05:06.7', DAY + (14 * 60 + 5) * 60_000 + 6_700],
    ['2026-03-30T14:05:06,789123456', DAY + (14 * 60 + 5) * 60_000 + 6_789],
    ['2026-03-30T00:00:00-0730', DAY + 7.5 * 3_600_000],
    ['2026-03-30T00:00:00-07', DAY + 7 * 3_600_000],
  ])('%s', (text, at) => expect(readInstant(text)).toBe(at));

  it('a text of more than 100 characters is not read', () => {
    expect(readInstant(`2026-03-30${' '.repeat(90)}`)).toBe(DAY);
    expect(readInstant(`2026-03-30${' '.repeat(91)}`)).toBeUndefined();
  });
});
