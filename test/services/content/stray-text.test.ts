import { describe, expect, it } from 'vitest';
import { type Arrived, contentFault } from '../../../src/services/content/check-content.js';
import { zipOf } from '../../support/sample-zip.js';

const fault = (name: string, file: Buffer | string, more: Partial<Arrived> = {}) => {
  const bytes = Buffer.from(file);
  return contentFault({ name, bytes: bytes.length, head: bytes, tail: bytes, isDelimited: true, ...more });
};
/** What a text is, in the place of a picture. */
const kindOf = (text: string): string => fault('a.png', text)?.words ?? 'nothing';
const PAGE = 'is a web page (HTML)';
const XML = 'is an XML document';
const STORE = "is a store's error document (XML)";
const JSON_ERROR = 'is an error message (JSON)';
const OTHER = 'does not begin as .png does';

describe('a text in the place of a file', () => {
  it.each([
    '<!doctype html>',
    '<!DOCTYPE   HTML PUBLIC "x">',
    '<html lang="en">',
    '<HEAD>',
    '<body>',
    '<title>x</title>',
    '<meta charset="x">',
    '<script>',
    '<style>',
    '<h1>x</h1>',
    '<h6>x</h6>',
    '<div>',
    '<center>',
    '<p>x',
    '<br/>',
    '<table>',
    '<iframe src="x">',
    '<form>',
    '  \n<html>',
    '\ufeff<html>',
    '<!-- a --><html>',
    '<!-- a\n -- b -->\n  <!-- c --> <html>',
    '<?xml version="1.0"?>\n<!-- a --><html>',
    '<?php x ?><html>',
  ])('%j is a page', (text) => {
    expect(kindOf(text)).toBe(PAGE);
  });

  it.each([
    ['<headline>', XML],
    ['<h7>', XML],
    ['<feed/>', XML],
    ['<feed a="b">', XML],
    ['<_a:b.c-d>', XML],
    ['<a\n>', XML],
    ['<?xml?>', XML],
    ['<?xml version="1.0"?>x', XML],
    ['<!-- a --><feed>', XML],
    ['<?xmlish?>', OTHER],
    ['x <?xml?>', OTHER],
    ['<a', OTHER],
    ['<1>', OTHER],
    ['< html>', OTHER],
    ['x<html>', OTHER],
    ['x<feed>', OTHER],
    ['x<!-- a --><html>', OTHER],
    ['<!-- a -- <html>', OTHER],
    ['<!doctypehtml>', OTHER],
    ['<Error><Code>x</Code></Error>', STORE],
    ['<Error>x</Error>', STORE],
    ['<s3:Error>x', STORE],
    ['<Errors>', XML],
    ['<s3:s3:Error>', XML],
    ['<:Error>', OTHER],
    ['<error>', XML],
    ['x<Error>', OTHER],
    ['<?xml version="1.0"?><Error xmlns="x">', STORE],
    ['{"error": "x"}', JSON_ERROR],
    ['{ "errors" : []}', JSON_ERROR],
    ['{\n  "message": "x"}', JSON_ERROR],
    ['{"code":1}', JSON_ERROR],
    ['{"status":1}', JSON_ERROR],
    ['{"statusCode":1}', JSON_ERROR],
    ['{"detail":1}', JSON_ERROR],
    ['{"title":1}', JSON_ERROR],
    ['{"type":1}', JSON_ERROR],
    ['{"result":1}', OTHER],
    ['{"error"}', OTHER],
    ['["error":1]', OTHER],
    ['x{"error":1}', OTHER],
    ['{x"error":1}', OTHER],
  ])('%j %s', (text, words) => {
    expect(kindOf(text)).toBe(words);
  });

  it.each(['utf16le', 'utf16be'])('is read in %s, too', (encoding) => {
    const bytes = Buffer.from('\ufeff <html>', 'utf16le');
    if (encoding === 'utf16be') bytes.swap16();
    expect(fault('a.png', bytes)?.words).toBe(PAGE);
    // Without both bytes of its mark it is none.
    const [first = 0, second = 0, ...rest] = bytes;
    expect(fault('a.png', Buffer.from([first, 0x20, ...rest]))?.words).toBe(OTHER);
    expect(fault('a.png', Buffer.from([0x20, second, ...rest]))?.words).toBe(OTHER);
  });

  it('has words that are worth a report, and its sender', () => {
    expect(fault('a.png', '<html>')).toEqual({
      words: PAGE,
      speaker: 'portal',
      isCertain: true,
      hasWords: true,
    });
    expect(fault('a.png', '<Error>x')).toMatchObject({ speaker: 'storage', hasWords: true });
    expect(fault('a.png', '<feed>')).toMatchObject({ speaker: 'unknown', hasWords: true });
    expect(fault('a.png', '{"error":1}')).toMatchObject({ speaker: 'unknown', hasWords: true });
    expect(fault('a.png', 'x')?.hasWords).toBeUndefined();
  });
});

describe('an error of a store, in the place of a text', () => {
  it.each([
    ['<Error><Code>x', true],
    ['<Error xmlns="x">\n  <Code>x', true],
    ['<?xml version="1.0"?>\n<Error><Code>x', true],
    ['<Errors><Code>x', false],
    ['<Error>x<Code>x', false],
    ['x<Error><Code>x', false],
    ['<Error><Message>x', false],
  ])('%j is doubted: %s', (text, isDoubted) => {
    expect(fault('a.html', text)).toEqual(
      isDoubted ? { words: STORE, speaker: 'storage', isCertain: false, hasWords: true } : undefined,
    );
  });
});

describe('a file without an ending of its own', () => {
  it.each([
    ['noending', { contentType: 'text/plain' }],
    ['job_1.txt', { contentType: 'text/plain', isNamedByType: true }],
  ])('%s is doubted where it is an error or a page', (name, more) => {
    for (const text of ['<html>', '<Error>x', '{"error":1}'])
      expect(fault(name, text, more)).toMatchObject({ isCertain: false, hasWords: true });
    for (const text of ['<feed>', 'x']) expect(fault(name, text, more)).toBeUndefined();
  });

  it('is what it is where its name is not from its type', () => {
    expect(fault('job_1.txt', '<html>', { contentType: 'text/plain', isNamedByType: false })).toBeUndefined();
    expect(fault('job_1.txt', '<html>', { contentType: 'text/plain' })).toBeUndefined();
  });
});

describe('nothing at all', () => {
  const nothing = { words: 'is empty (0 bytes)', speaker: 'storage', isCertain: true };
  it.each([
    ['a.zip', true, nothing],
    ['a.png', true, nothing],
    ['a.xyz', true, nothing],
    ['a.txt', true, undefined],
    ['a.html', true, undefined],
    ['a.csv', true, undefined],
    ['a.csv', false, nothing],
  ])('as %s, whole: %s', (name, isDelimited, expected) => {
    expect(fault(name, '', { isDelimited })).toEqual(expected);
  });
});

describe('a ZIP that is none', () => {
  const ZIP = zipOf(Buffer.from('the result'));
  const NONE = 'does not begin as a ZIP';
  const CUT = 'breaks off: it begins as a ZIP and has no end of one';

  it.each([
    ['text', {}, NONE, false],
    ['text', { contentType: 'application/octet-stream' }, NONE, false],
    ['text', { contentType: 'text/csv' }, NONE, true],
    ['text', { contentType: 'application/json' }, NONE, true],
    ['text', { contentType: 'application/ld+json' }, NONE, true],
    ['text', { contentType: 'application/jsonx' }, NONE, false],
    ['text', { contentType: 'application/xjson' }, NONE, false],
    ['text', { contentType: 'application/text/x' }, NONE, false],
    ['text', { contentType: 'application/zip' }, NONE, true],
    ['text', { isDelimited: false }, NONE, true],
    // Four bytes may be chance; a whole entry is none.
    ['PK\u0003\u0004 and text', {}, CUT, false],
    [ZIP.subarray(0, -5), {}, CUT, true],
  ])('%j with %j', (file, more, words, isCertain) => {
    expect(fault('a.zip', file, more)).toEqual({ words, speaker: 'storage', isCertain });
  });
});

describe('a file of unknown length', () => {
  const open = { isDelimited: false };
  const cut = (ending: string) => ({
    words: `breaks off: it does not end as .${ending} does`,
    speaker: 'storage',
    isCertain: true,
  });
  const pdf = (behind: number): string => `%PDF-1.7${' '.repeat(2_000)}%%EOF${' '.repeat(behind)}`;
  const png = (behind: number): Buffer =>
    Buffer.concat([
      Buffer.from('89504e470d0a1a0a', 'hex'),
      Buffer.alloc(200),
      Buffer.from('IEND'),
      Buffer.alloc(behind),
    ]);

  it('is cut where the end of a PDF or a picture is not at its end', () => {
    expect(fault('a.pdf', pdf(1_019), open)).toBeUndefined();
    expect(fault('a.pdf', pdf(1_020), open)).toEqual(cut('pdf'));
    expect(fault('a.png', png(60), open)).toBeUndefined();
    expect(fault('a.png', png(61), open)).toEqual(cut('png'));
  });

  it('is not cut where its length is known, or its format has no end', () => {
    expect(fault('a.pdf', pdf(1_020))).toBeUndefined();
    expect(fault('a.png', png(61))).toBeUndefined();
    expect(fault('a.gif', 'GIF89a', open)).toBeUndefined();
    expect(fault('a.gif', 'x', open)).toMatchObject({
      words: 'does not begin as .gif does',
      isCertain: true,
    });
  });
});
