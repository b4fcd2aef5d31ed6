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
