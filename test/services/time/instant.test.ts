import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInstant } from '../../../src/services/time/instant.js';
import { downloadSchema } from '../../../src/services/wire/schemas.js';

const AT = Date.UTC(2026, 2, 30, 14);

describe('a time of the server', () => {
  let before: string | undefined;
  beforeAll(() => {
    before = process.env.TZ;
    // Seven hours off, so that a local time cannot pass for UTC.
    process.env.TZ = 'America/Los_Angeles';
  });
  afterAll(() => {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  });

  it.each([
    ['2026-03-30T14:00:00Z'],
    ['2026-03-30T14:00:00'],
    ['2026-03-30 14:00:00'],
    ['2026-03-30 14:00'],
    ['2026-03-30T14:00:00.000'],
    ['2026-03-30 14:00:00.000000 UTC'],
    ['2026-03-30 16:00:00 +0200'],
    ['2026-03-30T16:00:00+02:00'],
    ['2026-03-30T16:00:00+02'],
    ['20260330T140000Z'],
    [' 2026-03-30T14:00:00Z '],
    ['Mon, 30 Mar 2026 14:00:00 GMT'],
    ['Mon, 30 Mar 2026 16:00:00 +0200'],
    ['30 Mar 2026 14:00:00'],
    ['Monday, 30-Mar-26 14:00:00 GMT'],
    ['Mon Mar 30 14:00:00 2026'],
    [AT],
    [AT / 1e3],
    [String(AT)],
    [String(AT / 1e3)],
    [AT * 1e3],
    [`${AT}000000`],
  ])('is read from %j', (value) => expect(readInstant(value)).toBe(AT));

  it.each([
    [''],
    ['soon'],
    ['never 1'],
    ['2026'],
    ['2026-13-30T14:00:00Z'],
    ['9999999-01-01T00:00:00Z'],
    ['1e999'],
    ['9'.repeat(40)],
    ['Mon, '.repeat(50)],
    [0],
    [-1],
    [3_600],
    [1e300],
    [Number.POSITIVE_INFINITY],
    [Number.NaN],
    [null],
    [true],
    [{}],
  ])('is unknown where %j is sent', (value) => expect(readInstant(value)).toBeUndefined());

  it('is a valid date or unknown, for any input', () => {
    const value = fc.oneof(fc.string(), fc.double(), fc.anything(), fc.date().map(String));
    fc.assert(
      fc.property(value, (sent) => {
        const at = readInstant(sent);
        if (at !== undefined) expect(new Date(at).toISOString()).toMatch(/Z$/);
      }),
    );
  });

  it('goes into the download', () => {
    const download = { url: 'https://storage.test/x', expires_at: '2026-03-30 14:00:00' };
    expect(downloadSchema.parse(download).expiresAt).toBe(AT);
    expect(downloadSchema.parse({ ...download, expires_at: 1e300 })).toEqual({ url: download.url });
  });
});
