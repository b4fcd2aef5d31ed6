import { describe, expect, it } from 'vitest';
import { type Arrived, contentFault } from '../../../src/services/content/check-content.js';
import { zipOf } from '../../support/sample-zip.js';

const ZIP = zipOf(Buffer.from('the result'));
const HTML = Buffer.from('<!DOCTYPE html>\n<html><title>Sign in</title></html>');
const BARE_HTML = Buffer.from('\ufeff  <!-- x --><HTML><body>Welcome</body></HTML>');
const ERROR_XML = Buffer.from('<?xml version="1.0"?>\n<Error><Code>InternalError</Code></Error>');
const XML = Buffer.from('<?xml version="1.0"?><feed xmlns="x"/>');
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
const UTF16 = Buffer.from('\ufeff<html><body>x</body></html>', 'utf16le');
const JSON_ERROR = Buffer.from('{ "error": "internal", "message": "try later" }');
const PNG = Buffer.from('89504e470d0a1a0a0000000049454e44ae426082', 'hex');
const PDF = Buffer.from('%PDF-1.7\n…\n%%EOF\n');
const GZIP = Buffer.from('1f8b0800', 'hex');

const fault = (name: string, file: Buffer, more: Partial<Arrived> = {}) =>
  contentFault({
    name,
    bytes: file.length,
    head: file.subarray(0, 4096),
    tail: file,
    isDelimited: true,
    ...more,
  });

describe('what is what its name promises', () => {
  it.each([
    ['output.zip', ZIP],
    ['OUTPUT.ZIP', ZIP],
    ['letter.docx', ZIP],
    ['page.html', HTML],
    ['page.htm', BARE_HTML],
    ['feed.xml', XML],
    ['drawing.svg', SVG],
    ['notes.txt', HTML],
    ['notes.md', BARE_HTML],
    ['data.json', JSON_ERROR],
    ['table.csv', Buffer.from('a,b\n1,2\n')],
    ['picture.png', PNG],
    ['paper.pdf', PDF],
    ['all.tar.gz', GZIP],
    ['unknown.xyz', PNG],
    ['unknown.xyz', XML],
    ['noending', PNG],
  ])('%s passes', (name, file) => {
    expect(fault(name, file)).toBeUndefined();
  });

  it('nothing may be in a text, where that was said', () => {
    const nothing = Buffer.alloc(0);
    expect(fault('notes.txt', nothing)).toBeUndefined();
    expect(fault('notes.txt', nothing, { isDelimited: false })).toMatchObject({ isCertain: true });
  });
});

describe('JSON that says so, in the place of a file', () => {
  it.each(['application/json', 'application/problem+json'])('is certainly no ZIP as %s', (contentType) => {
    expect(fault('output.zip', Buffer.from('{"ok":true}'), { contentType })).toMatchObject({
      isCertain: true,
    });
  });
});

describe('what is certainly something else', () => {
  it.each([
    ['output.zip', HTML, 'portal'],
    ['output.zip', BARE_HTML, 'portal'],
    ['output.zip', UTF16, 'portal'],
    ['output.zip', ERROR_XML, 'storage'],
    ['output.zip', XML, 'unknown'],
    ['output.zip', SVG, 'unknown'],
    ['output.zip', JSON_ERROR, 'unknown'],
    ['output.zip', Buffer.alloc(0), 'storage'],
    ['output.zip', ZIP.subarray(0, 60), 'storage'],
    ['letter.docx', HTML, 'portal'],
    ['paper.pdf', HTML, 'portal'],
    ['picture.png', ERROR_XML, 'storage'],
    ['data.json', HTML, 'portal'],
    ['table.csv', ERROR_XML, 'storage'],
    ['unknown.xyz', HTML, 'portal'],
    ['unknown.xyz', ERROR_XML, 'storage'],
    ['noending', HTML, 'portal'],
    ['noending', Buffer.alloc(0), 'storage'],
  ])('%s that holds %s', (name, file, speaker) => {
    expect(fault(name, file)).toMatchObject({ isCertain: true, speaker });
  });

  it('a text that storage itself calls a page', () => {
    expect(fault('notes.txt', HTML, { contentType: 'text/html' })).toMatchObject({ speaker: 'portal' });
  });

  it.each([
    ['its type says ZIP, too', { contentType: 'application/zip' }],
    ['its type says text', { contentType: 'text/plain' }],
    ['nothing says that it is whole', { isDelimited: false }],
  ])('no ZIP where %s', (_name, more) => {
    expect(fault('output.zip', Buffer.from('RESULT'), more)).toMatchObject({ isCertain: true });
  });

  it('half of a PDF or a picture of which nothing says that it is whole', () => {
    const open = { isDelimited: false };
    expect(fault('paper.pdf', PDF, open)).toBeUndefined();
    expect(fault('paper.pdf', PDF.subarray(0, 10), open)).toMatchObject({ isCertain: true });
    expect(fault('picture.png', PNG, open)).toBeUndefined();
    expect(fault('picture.png', PNG.subarray(0, 10), open)).toMatchObject({ isCertain: true });
  });

  it.each([
    ["the API's error", JSON_ERROR, 'application/json', 'unknown'],
    ['a page', HTML, 'text/plain', 'portal'],
  ])('where a name promises nothing, %s is doubted, whatever its type says', (_name, file, type, speaker) => {
    expect(fault('noending', file, { contentType: type })).toMatchObject({ isCertain: false, speaker });
  });

  it("doubts the API's error that only its media type names", () => {
    const own = { contentType: 'application/json', isNamedByType: true };
    expect(fault('job_1.json', JSON_ERROR, own)).toMatchObject({ isCertain: false });
    expect(fault('job_1.json', Buffer.from('[1]'), own)).toBeUndefined();
  });

  it('what has no ending is what its media type says', () => {
    const zip = { contentType: 'application/zip' };
    expect(fault('output', ZIP, zip)).toBeUndefined();
    expect(fault('output', PNG, zip)).toMatchObject({ isCertain: true });
  });
});

describe("a store's error document", () => {
  it.each(['page.xml', 'page.html', 'notes.txt', 'notes.md'])(
    'is doubted even as %s, for the result may be markup',
    (name) => {
      expect(fault(name, ERROR_XML)).toMatchObject({ isCertain: false, speaker: 'storage' });
    },
  );

  it.each(['application/xml', 'text/xml', 'text/html'])(
    'is none of a text where it comes as %s',
    (contentType) => {
      expect(fault('notes.txt', ERROR_XML, { contentType })).toMatchObject({ isCertain: true });
    },
  );

  it('is not what merely speaks of an error', () => {
    expect(fault('log.txt', Buffer.from('<Error> 12:00 disk full'))).toBeUndefined();
    expect(fault('report.xml', Buffer.from('<Errors><Code>1</Code></Errors>'))).toBeUndefined();
  });
});

describe('where only the name speaks against whole bytes', () => {
  it.each([
    ['output.zip', Buffer.from('RESULT')],
    ['output.zip', Buffer.from('PK\u0003\u0004 the result')],
    ['output.zip', PDF],
    ['paper.pdf', ZIP],
    ['picture.png', PDF],
  ])('%s is doubted, not refused for good', (name, file) => {
    expect(fault(name, file)).toMatchObject({ isCertain: false });
  });
});
