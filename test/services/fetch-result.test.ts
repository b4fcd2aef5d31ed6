import type { AxiosAdapter } from 'axios';
import { describe, expect, it } from 'vitest';
import { describePart } from '../../src/services/bytes/describe-part.js';
import { createGoalClient, type ResultStream } from '../../src/services/index.js';
import { failureOf } from '../support/failure-of.js';
import { KEY } from './sample-client.js';

describe('what the headers say of the bytes that follow', () => {
  const range = (text: string) => ({ 'content-range': text, etag: '"v1"' });

  it.each([
    [
      'the whole',
      200,
      { 'content-length': '9', etag: '"v1"' },
      0,
      { part: 'whole', length: 9, totalBytes: 9, etag: '"v1"', isDelimited: true },
    ],
    [
      'the whole, though a part was asked for',
      200,
      { 'content-length': '9' },
      4,
      { part: 'whole', length: 9, totalBytes: 9, isDelimited: true },
    ],
    [
      'the whole, of any length',
      200,
      { 'content-length': 'x', etag: 'W/"weak"' },
      0,
      { part: 'whole', isDelimited: false },
    ],
    [
      'the whole, in chunks',
      200,
      { 'transfer-encoding': 'chunked' },
      0,
      { part: 'whole', isDelimited: true },
    ],
    [
      'the whole, coded: length and ETag are not about what will be held',
      200,
      { 'content-length': '9', 'content-encoding': 'GZIP, identity', etag: '"v1"' },
      0,
      { part: 'whole', length: 9, isDelimited: true, codings: ['gzip'] },
    ],
    [
      'the rest',
      206,
      range('bytes 4-8/9'),
      4,
      { part: 'rest', length: 5, totalBytes: 9, etag: '"v1"', isDelimited: true },
    ],
    [
      'the rest of any total',
      206,
      range('bytes 4-8/*'),
      4,
      { part: 'rest', length: 5, etag: '"v1"', isDelimited: false },
    ],
    [
      'no such part',
      416,
      range('bytes */9'),
      9,
      { part: 'end', length: 0, totalBytes: 9, etag: '"v1"', isDelimited: true },
    ],
    ['no such part, of any total', 416, {}, 9, { part: 'end', length: 0, isDelimited: false }],
    ['the rest, coded', 206, { ...range('bytes 4-8/9'), 'content-encoding': 'gzip' }, 4, undefined],
    ['the rest, of another length', 206, { ...range('bytes 4-8/9'), 'content-length': '6' }, 4, undefined],
    ['the rest, that ends before it begins', 206, range('bytes 4-3/9'), 4, undefined],
    ['the rest, beyond the end', 206, range('bytes 4-9/9'), 4, undefined],
    ['another part', 206, range('bytes 5-8/9'), 4, undefined],
    ['a part of nothing', 206, {}, 4, undefined],
    ['a part in words', 206, range('lines 4-8/9'), 4, undefined],
    ['no such part, though all was asked for', 416, range('bytes */9'), 0, undefined],
    ['nothing', 204, {}, 0, undefined],
  ])('%s', (_name, status, headers, from, expected) => {
    const described = describePart(status, headers, from);
    expect(described).toEqual(expected && { codings: [], ...expected });
  });
});

describe('fetchResult over a transport of the host', () => {
  const url = 'https://s3.example/b/x.zip?sig=12345678';
  const over = (data: unknown, headers: Record<string, string> = {}, status = 200) => {
    const adapter: AxiosAdapter = async (config) => ({ data, status, statusText: '', headers, config });
    return createGoalClient({ apiKey: KEY, adapter });
  };
  const read = async ({ chunks }: ResultStream): Promise<string> => {
    let text = '';
    for await (const chunk of chunks) text += new TextDecoder().decode(chunk);
    return text;
  };
  const bytes = new TextEncoder().encode('the result');

  it('sends no name and password that stand in the URL: they would be an Authorization header', async () => {
    let sent: unknown;
    const adapter: AxiosAdapter = async (config) => {
      sent = [config.url, config.auth, config.headers.get('Authorization')];
      return { data: bytes, status: 200, statusText: '', headers: {}, config };
    };
    const client = createGoalClient({ apiKey: KEY, adapter });
    await client.fetchResult({ url: url.replace('https://', 'https://user:pass@') });
    expect(sent).toEqual([url, undefined, undefined]);
  });

  it.each([
    ['a web stream', () => new Blob([bytes]).stream()],
    ['an async iterable', () => new Blob([bytes]).stream().values()],
    ['bytes', () => bytes],
    ['a buffer', () => bytes.buffer],
    ['text', () => 'the result'],
  ])('reads %s', async (_name, data) => {
    expect(await read(await over(data()).fetchResult({ url }))).toBe('the result');
  });

  it('a body that is shorter than it says has broken off', async () => {
    const failure = await failureOf(read(await over(bytes, { 'content-length': '11' }).fetchResult({ url })));
    expect(failure).toMatchObject({ kind: 'network', path: '/…/x.zip' });
    expect(failure.message).toContain('10 of 11 bytes');
  });

  it('a body that is longer than it says contradicts itself', async () => {
    const failure = await failureOf(read(await over(bytes, { 'content-length': '9' }).fetchResult({ url })));
    expect(failure).toMatchObject({ kind: 'bad-response', path: '/…/x.zip', speaker: 'storage' });
    expect(failure.message).toContain('longer than the 9 bytes');
  });

  it.each(['compress', 'x-unknown', 'gzip, x-unknown'])(
    'a web stream in a coding that no fetch undoes is refused: %s',
    async (coding) => {
      const data = new Blob([bytes]).stream();
      const failure = await failureOf(over(data, { 'content-encoding': coding }).fetchResult({ url }));
      expect(failure).toMatchObject({ kind: 'bad-response', speaker: 'storage' });
      expect(failure.message).toContain(coding);
    },
  );

  it('a stream that is closed unread releases its source', async () => {
    let isCancelled = false;
    const source = new ReadableStream({
      cancel: () => {
        isCancelled = true;
      },
    });
    const failure = await failureOf(
      over(source, {}, 404).fetchResult({ url }, { signal: AbortSignal.timeout(50) }),
    );
    expect(failure).toMatchObject({ kind: expect.stringMatching(/gone|aborted/) });
    expect(isCancelled).toBe(true);
  });

  it('a connection that never stood is a loss of the network, not an abort of the caller', async () => {
    const error = Object.assign(new Error('connect ECONNREFUSED'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
    });
    const adapter: AxiosAdapter = async () => Promise.reject(error);
    const failure = await failureOf(createGoalClient({ apiKey: KEY, adapter }).fetchResult({ url }));
    expect(failure).toMatchObject({ kind: 'network', delivery: 'not-sent' });
  });
});
