import { describe, expect, it } from 'vitest';
import {
  beginsAsZip,
  endsAsZip,
  hasFirstEntry,
  ZIP_TAIL_BYTES,
} from '../../../src/services/content/zip-shape.js';
import { type SampleZip, zipOf } from '../../support/sample-zip.js';

const CONTENT = Buffer.from('what the archive holds, '.repeat(6));
/** More than what comes before the comment. */
const DENSE = 500;
const EMPTY = Buffer.concat([Buffer.from('PK\u0005\u0006'), Buffer.alloc(18)]);

const ends = (file: Buffer): boolean =>
  endsAsZip({ bytes: file.length, head: file.subarray(0, 64), tail: file.subarray(-ZIP_TAIL_BYTES) });

const kinds: readonly [string, SampleZip][] = [
  ['plain', {}],
  ['with a comment', { comment: 'made by hand' }],
  ['with the longest comment', { comment: 'x'.repeat(65_535) }],
  ['with a comment that looks like an end', { comment: `PK\u0005\u0006${'\0'.repeat(30)}` }],
  ['of the ZIP64 kind', { isZip64: true }],
  ['of the ZIP64 kind, with a comment', { isZip64: true, comment: 'x'.repeat(65_535) }],
];

describe('a whole ZIP', () => {
  it.each(kinds)('%s begins and ends as one', (_name, kind) => {
    const zip = zipOf(CONTENT, kind);
    expect([beginsAsZip(zip), hasFirstEntry(zip), ends(zip)]).toEqual([true, true, true]);
  });

  it('may be empty', () => {
    expect([beginsAsZip(EMPTY), ends(EMPTY)]).toEqual([true, true]);
  });

  it('may hold more than is looked at', () => {
    expect(ends(zipOf(Buffer.alloc(ZIP_TAIL_BYTES * 2)))).toBe(true);
  });
});

describe('what is no whole ZIP', () => {
  it.each(kinds)('%s, cut at any length, has no end', (_name, kind) => {
    const zip = zipOf(CONTENT, kind);
    // Each length up to the comment, and some within a long one: its cuts are all alike, and each is searched from its end.
    const step = Math.max(1, Math.floor((zip.length - DENSE) / 20));
    const lengths = Array.from({ length: Math.min(zip.length, DENSE) }, (_, at) => at);
    for (let length = DENSE; length < zip.length; length += step) lengths.push(length);
    expect(lengths.filter((length) => ends(zip.subarray(0, length)))).toEqual([]);
  });

  it.each(kinds)('%s, with bytes missing from its middle, does not end as one', (_name, kind) => {
    const zip = zipOf(CONTENT, kind);
    expect(ends(Buffer.concat([zip.subarray(0, 100), zip.subarray(101)]))).toBe(false);
  });

  it('something behind its end', () => {
    expect(ends(Buffer.concat([zipOf(CONTENT), Buffer.from('<')]))).toBe(false);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('RESULT')],
    ['half of the first bytes', Buffer.from('PK')],
    ['the other first bytes', Buffer.from('PK\u0001\u0002')],
  ])('%s does not begin as one', (_name, file) => {
    expect([beginsAsZip(file), ends(file)]).toEqual([false, false]);
  });

  it('four bytes alone are no first entry', () => {
    expect(hasFirstEntry(Buffer.from(`PK\u0003\u0004${'the result, in words'.repeat(4)}`))).toBe(false);
  });
});

/** Numbers of 2, 4 or 8 bytes, the lowest byte first. */
const le = (size: 2 | 4 | 8, ...values: number[]): Buffer =>
  Buffer.concat(
    values.map((value) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(BigInt(value));
      return bytes.subarray(0, size);
    }),
  );

describe('the first bytes', () => {
  it.each([
    ['an entry', 'PK\u0003\u0004', true],
    ['the mark of a split archive, and an entry', 'PK\u0007\u0008PK\u0003\u0004', true],
    ['the mark of an archive split into one part, and an entry', 'PK00PK\u0003\u0004', true],
    ['the mark of a split archive, and something else', 'PK\u0007\u0008PK\u0001\u0002', false],
    ['the mark of a split archive alone', 'PK\u0007\u0008', false],
  ])('%s', (_what, text, isZip) => expect(beginsAsZip(Buffer.from(text))).toBe(isZip));
});

describe('a first entry', () => {
  const entry = ({ mark = 'PK\u0003\u0004', version = 20, method = 8, name = 5 }) =>
    Buffer.concat([Buffer.from(mark), le(2, version, 0, method), Buffer.alloc(16), le(2, name, 0)]);

  it.each([
    ['deflated', {}, true],
    ['stored', { method: 0 }, true],
    ['of the newest version', { version: 63 }, true],
    ['made on Unix', { version: 3 * 256 + 20 }, true],
    ['of no version that there is', { version: 64 }, false],
    ['of no method that there is', { method: 7 }, false],
    ['without a name', { name: 0 }, false],
    ['of the directory', { mark: 'PK\u0001\u0002' }, false],
  ])('%s', (_what, fields, isEntry) => expect(hasFirstEntry(entry(fields))).toBe(isEntry));

  it('cut in its header', () => expect(hasFirstEntry(entry({}).subarray(0, 29))).toBe(false));
});

describe('the directory that an end names', () => {
  const BEFORE = 100;
  const DIRECTORY = 46;
  const MOST_16 = 0xffff;
  const MOST_32 = 0xffff_ffff;

  interface Parts {
    /** What lies before the ZIP, as in a self-extracting one. */
    readonly prefix?: number;
    readonly directory?: Buffer;
    readonly entries?: number;
    readonly size?: number;
    readonly offset?: number;
    /** Size and offset as the record of ZIP64 states them. */
    readonly large?: readonly [size: number, offset: number];
    readonly largeMark?: string;
    /** How many of the bytes before the end record are looked at. */
    readonly inSight?: number;
  }

  const intact = Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.alloc(DIRECTORY - 4)]);
  const damaged = Buffer.alloc(DIRECTORY);
  const locatorTo = (at: number): Buffer =>
    Buffer.concat([Buffer.from('PK\u0006\u0007'), le(4, 0), le(8, at), le(4, 1)]);

  function endsWell(parts: Parts): boolean {
    const { prefix = 0, directory = intact, entries = 1, size = DIRECTORY, offset = BEFORE } = parts;
    const { large, largeMark = 'PK\u0006\u0006', inSight } = parts;
    const record = Buffer.concat([Buffer.from(largeMark), Buffer.alloc(36), le(8, ...(large ?? []))]);
    const before = Buffer.concat([
      Buffer.from('PK\u0003\u0004'),
      Buffer.alloc(prefix + BEFORE - 4),
      directory,
      ...(large === undefined ? [] : [record, locatorTo(prefix + BEFORE + directory.length)]),
    ]);
    const end = Buffer.concat([
      Buffer.from('PK\u0005\u0006'),
      le(2, 0, 0, entries, entries),
      le(4, size, offset),
      le(2, 0),
    ]);
    const file = Buffer.concat([before, end]);
    const tail = inSight === undefined ? file : file.subarray(before.length - inSight);
    return endsAsZip({ bytes: file.length, head: file.subarray(0, 64), tail });
  }

  const lookalike = Buffer.concat([intact, locatorTo(MOST_32)]);
  const LARGE = [DIRECTORY, BEFORE] as const;

  it.each<[string, Parts, boolean]>([
    ['there', {}, true],
    ['there, in a self-extracting archive', { prefix: 50 }, true],
    ['not there, with an offset that fits', { directory: damaged }, false],
    ['not there, where what is looked at begins', { directory: damaged, inSight: DIRECTORY }, false],
    ['there, where what is looked at begins', { inSight: DIRECTORY }, true],
    ['behind the end', { offset: BEFORE + 1 }, false],
    ['ending as a locator does, by chance', { directory: lookalike, size: DIRECTORY + 20 }, true],
    ['of 65,535 entries, without ZIP64', { entries: MOST_16 }, true],
    ['of 65,535 entries, not there', { entries: MOST_16, directory: damaged, inSight: DIRECTORY }, false],
    ['of 65,535 entries that have no bytes', { entries: MOST_16, size: 0, offset: 0, inSight: 4 }, true],
    ['ZIP64, as the entries say', { entries: MOST_16, large: LARGE }, true],
    ['ZIP64, as the size says', { size: MOST_32, large: LARGE }, true],
    ['ZIP64, as the offset says', { offset: MOST_32, large: LARGE }, true],
    ['ZIP64 without its record', { entries: MOST_16, large: LARGE, largeMark: 'PK00' }, false],
    ['ZIP64 with its record out of sight', { offset: MOST_32, large: LARGE, inSight: 20 }, true],
    ['ZIP64, too large for what is there', { size: MOST_32, large: [DIRECTORY + 1, BEFORE] }, false],
    ['ZIP64, behind its record', { size: MOST_32, large: [DIRECTORY, BEFORE + 1] }, false],
    [
      'ZIP64, too large, its record where what is looked at begins',
      { size: MOST_32, large: [DIRECTORY + 1, BEFORE], inSight: 76 },
      false,
    ],
    ['ZIP64, not there', { size: MOST_32, large: LARGE, directory: damaged }, false],
  ])('%s', (_what, parts, isWhole) => expect(endsWell(parts)).toBe(isWhole));
});
