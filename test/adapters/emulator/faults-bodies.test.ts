import { createConnection } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ErrorBody, Fault, RetryAfter } from '../../../src/adapters/emulator/index.js';
import { fileForm } from './api-client.js';
import { brokenBy, faultScene } from './fault-scene.js';

const { time, emulator, call, script, completed } = faultScene();

/** What comes over the wire for a GET, byte for byte: no client decodes it. */
async function wire(url: string, headers: Readonly<Record<string, string>> = {}) {
  const { hostname, port, pathname, search } = new URL(url);
  const socket = createConnection(Number(port), hostname);
  const lines = Object.entries({ host: hostname, connection: 'close', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const bytes = await buffer(socket);
  const end = bytes.indexOf('\r\n\r\n');
  return { head: bytes.subarray(0, end).toString().toLowerCase(), body: bytes.subarray(end + 4) };
}

/** The bytes of a chunked body, without their sizes; `isWhole` where the last chunk came. */
function joined(body: Buffer): { readonly bytes: Buffer; readonly isWhole: boolean } {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < body.length) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.subarray(at, end).toString(), 16);
    if (size === 0) return { bytes: Buffer.concat(parts), isWhole: true };
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return { bytes: Buffer.concat(parts), isWhole: false };
}

async function result(): Promise<{ readonly url: string; readonly whole: Buffer }> {
  const { url } = (await call('GET', `${await completed()}/download`)).body;
  return { url, whole: Buffer.from(await (await fetch(url)).arrayBuffer()) };
}

const DECODE = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync };

describe('how a result comes over the wire', () => {
  it.each(['gzip', 'deflate', 'br'] as const)('in %s, though it was not requested', async (encoding) => {
    const { url, whole } = await result();
    script({ on: 'storage', fault: { kind: 'content-encoding', encoding } });
    const { head, body } = await wire(url, { range: 'bytes=10-' });
    expect(head).toMatch(/^http\/1\.1 200/);
    expect(head).toContain(`content-encoding: ${encoding}`);
    expect(head).not.toContain('content-length');
    const { bytes, isWhole } = joined(body);
    expect(isWhole).toBe(true);
    expect(DECODE[encoding](bytes).equals(whole)).toBe(true);
  });

  it('under a label that is not true', async () => {
    const { url, whole } = await result();
    script({ on: 'storage', fault: { kind: 'content-encoding', encoding: 'identity', label: 'gzip' } });
    const { head, body } = await wire(url);
    expect(head).toContain('content-encoding: gzip');
    expect(body.equals(whole)).toBe(true);
  });

  it('without a length: whole, and cut, which cannot be noticed', async () => {
    const { url, whole } = await result();
    script({ on: 'storage', fault: { kind: 'unsized-body', framing: 'close' }, nth: 1 });
    script({ on: 'storage', fault: { kind: 'unsized-body', framing: 'close', cut: true }, nth: 2 });
    for (const length of [whole.length, Math.floor(whole.length / 2)]) {
      const { head, body } = await wire(url);
      expect(head).not.toMatch(/content-length|transfer-encoding/);
      expect(body.equals(whole.subarray(0, length))).toBe(true);
    }
  });

  it('in chunks: whole, and without the last one', async () => {
    const { url, whole } = await result();
    script({ on: 'storage', fault: { kind: 'unsized-body', framing: 'chunked' }, nth: 1 });
    script({ on: 'storage', fault: { kind: 'unsized-body', framing: 'chunked', cut: true }, nth: [2, 3] });
    const [first, second] = [joined((await wire(url)).body), joined((await wire(url)).body)];
    expect(first).toEqual({ bytes: whole, isWhole: true });
    expect(second).toEqual({ bytes: whole.subarray(0, Math.floor(whole.length / 2)), isWhole: false });
    expect(await brokenBy(fetch(url).then((reply) => reply.arrayBuffer()))).not.toBe('nothing');
  });

  it('in a coding that ends in the middle', async () => {
    const { url } = await result();
    const coded: Fault = { kind: 'content-encoding', encoding: 'gzip' };
    script({ on: 'storage', fault: [coded, { kind: 'unsized-body', framing: 'close', cut: true }] });
    const { body } = await wire(url);
    expect(() => gunzipSync(body)).toThrow(/unexpected end/);
  });

  it('codes the API’s own JSON, too', async () => {
    script({ on: 'catalog', fault: { kind: 'content-encoding', encoding: 'br' } });
    const headers = { authorization: `Bearer ${emulator().apiKey}` };
    const { head, body } = await wire(`${emulator().baseUrl}/workflows/catalog`, headers);
    expect(head).toContain('content-encoding: br');
    expect(JSON.parse(brotliDecompressSync(joined(body).bytes).toString())[0]).toHaveProperty('spec_id');
  });
});

describe('errors with bodies that a reader may stumble over', () => {
  const texts: Readonly<Record<string, (text: string) => boolean>> = {
    json: (text) => JSON.parse(text).error === 'locked',
    html: (text) => text.startsWith('<!DOCTYPE html>'),
    xml: (text) => text.startsWith('<?xml'),
    text: (text) => text === 'error 423',
    empty: (text) => text === '',
    'odd-json': (text) => typeof JSON.parse(text).errors[0].loc[0] === 'object',
    'deep-json': (text) => text.split('{').length === 20_001,
    'lone-surrogates': (text) => JSON.parse(text).error === '\ud800',
    'many-fields': (text) => JSON.parse(text).errors.length === 50_000,
    'out-of-range': (text) => JSON.parse(text).code === Number.POSITIVE_INFINITY,
    null: (text) => JSON.parse(text) === null,
    list: (text) => Array.isArray(JSON.parse(text)),
  };

  it.each(Object.entries(texts))('%s', async (body, holds) => {
    // The names of the table are those of the type; Object.entries forgets them.
    script({ fault: { kind: 'http-error', status: 423, body: body as ErrorBody } });
    for (const origin of [emulator().baseUrl, emulator().storageUrl]) {
      const reply = await fetch(`${origin}/workflows/catalog`);
      expect(reply.status).toBe(423);
      expect(holds(await reply.text())).toBe(true);
    }
  });

  it.each([200, 201, 204, 299, 304, 308, 451, 499, 599])('with any status: %d', async (code) => {
    script({ fault: { kind: 'http-error', status: code, body: 'json' } });
    const { baseUrl } = emulator();
    expect((await fetch(`${baseUrl}/workflows/catalog`, { redirect: 'manual' })).status).toBe(code);
    emulator().faults.clear();
    expect((await call('GET', '/workflows/catalog')).status).toBe(200);
  });

  it('with any text, type and headers', async () => {
    const body = { type: 'application/problem+json', text: '{"title":"Odd"}' };
    script({ fault: { kind: 'http-error', status: 418, body, headers: { 'x-odd': '1' } } });
    const reply = await call('GET', '/workflows/catalog');
    expect(reply).toMatchObject({ status: 418, body: { title: 'Odd' } });
    expect(reply.headers).toMatchObject({ 'content-type': body.type, 'x-odd': '1' });
  });
});

describe('Retry-After', () => {
  const at = (): Date => new Date(Math.ceil((time.now + 90_000) / 1000) * 1000);
  const forms: Readonly<Record<RetryAfter['form'], (value: string) => boolean>> = {
    seconds: (value) => value === '90',
    date: (value) => value === at().toUTCString(),
    rfc850: (value) => /^[A-Z][a-z]+day, \d\d-[A-Z][a-z]{2}-26 \d\d:\d\d:\d\d GMT$/.test(value),
    asctime: (value) => /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d 2026$/.test(value),
    fraction: (value) => value === '90.0',
    iso: (value) => value === at().toISOString(),
    negative: (value) => value === '-1',
    overflow: (value) => /^9{30}$/.test(value),
    words: (value) => value === 'a little while',
    empty: (value) => value === '',
  };

  it.each(Object.entries(forms))('as %s', async (form, holds) => {
    // The names of the table are those of the type; Object.entries forgets them.
    const retryAfter = { form: form as RetryAfter['form'], inMs: 90_000 };
    script({ fault: { kind: 'http-error', status: 503, retryAfter } });
    const value = (await call('GET', '/workflows/catalog')).headers['retry-after'];
    expect(value !== undefined && holds(value), value).toBe(true);
    // What is a date at all means the time that was meant.
    if (['date', 'rfc850', 'iso'].includes(form)) expect(Date.parse(value ?? '')).toBe(at().getTime());
    if (form === 'asctime') expect(Date.parse(`${value} GMT`)).toBe(at().getTime());
  });
});

describe('an upload that is answered too early', () => {
  const BYTES = 8 * 1024 * 1024;
  const send = () => call('POST', '/upload', fileForm('a.txt', 'x'.repeat(BYTES)));

  it('gets a file_id for bytes that were not read', async () => {
    script({ on: 'upload', fault: { kind: 'early-reply' }, times: 1 });
    const { status: code, body } = await send();
    expect([code, body]).toEqual([200, { file_id: expect.stringMatching(/^file_/) }]);
    expect(emulator().log.at(-1)).toMatchObject({ faults: ['early-reply'], effect: { bytes: 0 } });
    const workflowId = 'goal_lane.media_archive';
    expect((await call('POST', '/jobs/goal', { workflowId, fileIds: [body.file_id] })).status).toBe(201);
    await send();
    expect(emulator().log.at(-1)).toMatchObject({ faults: [], effect: { bytes: BYTES } });
  });

  it('comes before the client has sent its last byte', async () => {
    script({ on: 'upload', fault: { kind: 'early-reply', afterBytes: 10 } });
    const { hostname, port } = new URL(emulator().baseUrl);
    const socket = createConnection(Number(port), hostname);
    socket.write(
      `POST /api/v1/upload HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${emulator().apiKey}\r\n` +
        'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n',
    );
    let said = '';
    socket.on('data', (chunk) => {
      said += String(chunk);
    });
    socket.write('--b\r\n');
    await new Promise((resolve) => setImmediate(resolve));
    expect(said).toBe('');
    socket.write('Content-Disposition: form-data; name="file"');
    await expect.poll(() => said).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*file_id/);
    socket.destroy();
  });

  it('can be lost or be an error as well', async () => {
    script({
      on: 'upload',
      fault: [{ kind: 'early-reply' }, { kind: 'http-error', status: 201, body: 'json' }],
    });
    expect((await send()).status).toBe(201);
  });
});
