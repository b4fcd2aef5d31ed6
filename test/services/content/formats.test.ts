import { describe, expect, it } from 'vitest';
import { type Arrived, contentFault } from '../../../src/services/content/check-content.js';
import { isNamedByType, resultName } from '../../../src/services/content/result-name.js';
import { zipOf } from '../../support/sample-zip.js';

const fault = (name: string, file: Buffer, more: Partial<Arrived> = {}) =>
  contentFault({ name, bytes: file.length, head: file, tail: file, isDelimited: true, ...more });

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const text = (words: string): Buffer => Buffer.from(words, 'latin1');
const flipped = (file: Buffer, at: number): Buffer =>
  Buffer.from(file.map((byte, index) => (index === at ? byte ^ 0x80 : byte)));

/** By ending: how a file begins, and which of these bytes belong to the format. */
const SIGNS: readonly (readonly [string, Buffer, from: number, to: number])[] = [
  ['pdf', text('%PDF-1.7'), 0, 5],
  ['png', hex('89504e470d0a1a0a'), 0, 8],
  ['jpg', hex('ffd8ffe0'), 0, 3],
  ['jpeg', hex('ffd8ffdb'), 0, 3],
  ['gif', text('GIF89a'), 0, 4],
  ['webp', text('RIFF....WEBP'), 8, 12],
  ['wav', text('RIFF....WAVE'), 8, 12],
  ['tif', text('II*\0'), 0, 4],
  ['tiff', text('MM\0*'), 0, 4],
  ['gz', hex('1f8b08'), 0, 2],
  ['tgz', hex('1f8b08'), 0, 2],
  ['bz2', text('BZh9'), 0, 3],
  ['xz', hex('fd377a585a00'), 0, 5],
  ['7z', hex('377abcaf271c'), 0, 6],
  ['rar', text('Rar!'), 0, 4],
  ['rtf', text('{\\rtf1'), 0, 5],
  ...['doc', 'xls', 'ppt', 'msg'].map((ending) => [ending, hex('d0cf11e0a1b1'), 0, 4] as const),
];

describe('a file of a format with a signature', () => {
  it.each(SIGNS)(
    'passes as .%s, and is doubted where one of its bytes is another',
    (ending, file, from, to) => {
      expect(fault(`a.${ending}`, file)).toBeUndefined();
      for (let at = from; at < to; at += 1) {
        expect(fault(`a.${ending}`, flipped(file, at))).toEqual({
          words: `does not begin as .${ending} does`,
          speaker: 'storage',
          isCertain: false,
        });
      }
    },
  );

  it.each(SIGNS)('is certainly no .%s where it is a page, or an XML document', (ending) => {
    expect(fault(`a.${ending}`, text('<html></html>'))).toMatchObject({ speaker: 'portal', isCertain: true });
    expect(fault(`a.${ending}`, text('<feed>1</feed>'))).toMatchObject({
      words: 'is an XML document',
      isCertain: true,
      hasWords: true,
    });
  });

  it('is a PDF where its header comes within the first kilobyte', () => {
    const behind = (bytes: number): Buffer => Buffer.concat([Buffer.alloc(bytes, 0x20), text('%PDF-1.7')]);
    expect(fault('a.pdf', behind(1_023))).toBeUndefined();
    expect(fault('a.pdf', behind(1_024))).toBeDefined();
    // Only readers of PDF search for it.
    expect(fault('a.png', Buffer.concat([text(' '), hex('89504e470d0a1a0a')]))).toBeDefined();
  });
});

describe('what a file with an ending may be', () => {
  const ZIPS =
    'zip docx xlsx pptx docm xlsm pptm dotx xltx potx vsdx odt ods odp odg epub jar kmz xpi whl cbz'.split(
      ' ',
    );
  it.each(ZIPS)('.%s: a whole ZIP', (ending) => {
    expect(fault(`a.${ending}`, zipOf(text('x')))).toBeUndefined();
    expect(fault(`a.${ending}`, text('Rar!'))).toMatchObject({ words: 'does not begin as a ZIP' });
  });

  const MARKUP =
    'html htm xhtml shtml mhtml mht xml svg xsl xslt xsd rss atom kml gpx plist tei dtd opml musicxml drawio xlf xliff tmx resx fodt fods';
  it.each(MARKUP.split(' '))('.%s: markup and JSON, and nothing at all', (ending) => {
    for (const file of ['<html></html>', '<feed>1</feed>', '{"error": "x"}', ''])
      expect(fault(`a.${ending}`, text(file))).toBeUndefined();
  });

  it.each('txt text md markdown log tex rst adoc php vue svelte'.split(' '))(
    '.%s: what a text may begin with, unless storage calls it markup',
    (ending) => {
      for (const file of ['<html></html>', '<feed>1</feed>', '{"error": "x"}', ''])
        expect(fault(`a.${ending}`, text(file))).toBeUndefined();
      for (const contentType of ['text/html', 'application/xhtml+xml', 'application/xml', 'text/xml'])
        expect(fault(`a.${ending}`, text('<html></html>'), { contentType })).toMatchObject({
          isCertain: true,
          speaker: 'portal',
        });
      // An error is what such a file may hold, whatever its type.
      expect(fault(`a.${ending}`, text('{"error": "x"}'), { contentType: 'text/xml' })).toBeUndefined();
    },
  );

  it.each('csv tsv json jsonl ndjson yaml yml srt vtt ics vcf bib sql'.split(' '))(
    '.%s: text that does not begin with a tag',
    (ending) => {
      for (const file of ['{"error": "x"}', '']) expect(fault(`a.${ending}`, text(file))).toBeUndefined();
      expect(fault(`a.${ending}`, text('<feed>1</feed>'))).toMatchObject({ isCertain: true });
    },
  );

  it.each(['xyz', 'abcdefghijkl', 'constructor'])(
    '.%s, which is unknown: all but a page and an error',
    (ending) => {
      for (const file of ['<feed>1</feed>', 'anything'])
        expect(fault(`a.${ending}`, text(file))).toBeUndefined();
      for (const file of ['<html></html>', '{"error": "x"}'])
        expect(fault(`a.${ending}`, text(file))).toMatchObject({ isCertain: true });
    },
  );
});

describe('what counts as an ending', () => {
  const page = text('<html></html>');
  const asText = { contentType: 'text/plain' };
  it.each(['noending', '.html', 'a..html', 'a.html ', 'a.h-tml', 'a.abcdefghijklm', 'a.'])(
    '%j has none: a page is doubted, not refused for good',
    (name) => {
      expect(fault(name, page, asText)).toMatchObject({ isCertain: false });
    },
  );

  it.each(['a.HTML', 'a.b.html', 'ü.html'])('%j ends as markup', (name) => {
    expect(fault(name, page, asText)).toBeUndefined();
  });
});

describe('the ending by the media type', () => {
  it.each([
    ['application/zip', 'zip'],
    ['application/x-zip-compressed', 'zip'],
    ['application/pdf', 'pdf'],
    ['application/json', 'json'],
    ['application/rtf', 'rtf'],
    ['application/gzip', 'gz'],
    ['application/x-gzip', 'gz'],
    ['application/epub+zip', 'epub'],
    ['application/msword', 'doc'],
    ['application/vnd.ms-excel', 'xls'],
    ['application/vnd.ms-powerpoint', 'ppt'],
    ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
    ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
    ['application/vnd.openxmlformats-officedocument.presentationml.presentation', 'pptx'],
    ['text/plain', 'txt'],
    ['text/markdown', 'md'],
    ['text/csv', 'csv'],
    ['image/png', 'png'],
    ['image/jpeg', 'jpg'],
    ['image/gif', 'gif'],
    ['image/webp', 'webp'],
    ['image/tiff', 'tif'],
    ['image/svg+xml', 'svg'],
  ])('%s is .%s', (contentType, ending) => {
    const sources = { jobSpecId: 'job_1', url: 'https://s3.example/b/o', contentType };
    expect(resultName(sources)).toBe(`job_1.${ending}`);
    // .zip is what it would be called without a type.
    expect(isNamedByType(sources)).toBe(ending !== 'zip');
  });

  it.each(['text/html', 'application/octet-stream', 'constructor', undefined])(
    '%s names nothing',
    (contentType) => {
      const sources = { jobSpecId: 'job_1', url: 'https://s3.example/b/o', contentType };
      expect(resultName(sources)).toBe('job_1.zip');
      expect(isNamedByType(sources)).toBe(false);
    },
  );

  it('names nothing that has a name', () => {
    const sources = { jobSpecId: 'job_1', url: '', filename: 'a.json', contentType: 'application/json' };
    expect(isNamedByType(sources)).toBe(false);
  });
});
