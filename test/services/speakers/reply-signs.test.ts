import { describe, expect, it } from 'vitest';
import { isMarkup, isPage, replySigns } from '../../../src/services/speakers/reply-signs.js';

const headersOf = (headers: object | undefined) => replySigns(200, Object(headers), '').headers;

describe('the headers of a reply', () => {
  it('have names in lower case and values as text', () => {
    const headers = { 'X-A': 'a', 'X-B': 7, 'X-D': null, 'X-E': { e: 1 }, 'X-C': ['c', 1, 'd'] };
    expect(headersOf(headers)).toStrictEqual({ 'x-a': 'a', 'x-b': '7', 'x-c': 'c, d' });
  });

  it('are none where there are none', () => {
    expect(replySigns(200, undefined, '').headers).toEqual({});
    expect(replySigns(200, JSON.parse('"ab"'), '').headers).toEqual({});
    expect(replySigns(200, JSON.parse('null'), '').headers).toEqual({});
    expect(JSON.stringify(replySigns(200, undefined, ''))).toBe('{"status":200,"headers":{},"text":""}');
  });

  it('are what could be read where the host throws', () => {
    const headers = {
      a: '1',
      get b(): string {
        throw new Error('no');
      },
      c: '3',
    };
    expect(Object.keys(headersOf(headers)).every((name) => name === 'a')).toBe(true);
  });
});

describe('the body of a reply', () => {
  it('is the beginning of its text, and all of its JSON', () => {
    const text = JSON.stringify({ pad: 'x'.repeat(20_000) });
    const { text: kept, json } = replySigns(200, {}, text);
    expect(kept).toBe(text.slice(0, 16_384));
    expect(json).toEqual(JSON.parse(text));
  });

  it.each([undefined, null, 7, { a: 1 }, new Uint8Array(3)])('is empty for %o', (body) => {
    expect(replySigns(204, {}, body)).toMatchObject({ status: 204, text: '', json: undefined });
  });

  it('is not parsed again where that was done', () => {
    expect(replySigns(200, {}, '{"a":1}', { json: undefined }).json).toBeUndefined();
    expect(replySigns(200, {}, 'x', { json: { b: 2 } }).json).toEqual({ b: 2 });
  });

  it('has no JSON where it is half', () => {
    expect(replySigns(200, {}, '{"a":').json).toBeUndefined();
  });
});

describe('markup', () => {
  it.each(['<html>', '<P>', '<!doctype html>', '<?xml version="1.0"?>', ' \n\t<a>'])('is %j', (text) => {
    const signs = replySigns(200, {}, text);
    expect([isMarkup(signs), isPage(signs)]).toEqual([true, true]);
  });
  it.each(['<1', '< a>', 'x<a>', '', 'text'])('is not %j', (text) => {
    const signs = replySigns(200, {}, text);
    expect([isMarkup(signs), isPage(signs)]).toEqual([false, false]);
  });
  it('is not what was read as JSON', () => {
    const signs = replySigns(200, { 'content-type': 'text/html' }, '<html>', { json: {} });
    expect([isMarkup(signs), isPage(signs)]).toEqual([false, false]);
  });
});

describe('a page by its type', () => {
  it.each([
    ['text/html', 'Hello', true],
    ['text/html; charset=utf-8', 'Hello', true],
    ['Application/XHTML+xml', 'Hello', true],
    ['text/html', ' \n', false],
    ['text/htmlx', 'Hello', false],
    ['atext/html', 'Hello', false],
    ['text/plain', 'Hello', false],
  ])('%s with %j: %s', (type, text, expected) => {
    expect(isPage(replySigns(200, { 'Content-Type': type }, text))).toBe(expected);
  });
});
