import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { AxiosAdapter } from 'axios';
import { afterEach, describe, expect, it } from 'vitest';
import { createNodeTransport } from '../../../../src/adapters/node/index.js';
import { createGoalClient, type GoalClient } from '../../../../src/services/index.js';
import { failureOf } from '../../../support/failure-of.js';
import { type OnHead, type RawServer, serveBytes } from './raw-server.js';

const KEY = 'key-0123456789abcdef';
const job = { jobSpecId: 'job_1' };
const READING = '{"status":"executing","progress":45}';
const open: Array<{ close(): unknown }> = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function against(onHead: OnHead, host?: string): Promise<{ client: GoalClient; server: RawServer }> {
  const server = await serveBytes(onHead, host);
  const transport = createNodeTransport({});
  const client = createGoalClient({
    apiKey: KEY,
    baseUrl: server.origin,
    transport,
    requestTimeoutMs: 5_000,
  });
  open.push(server, client);
  return { client, server };
}

const reply = (body: string, ...headers: readonly string[]): string =>
  ['HTTP/1.1 200 OK', ...headers, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');

const chunked = (...chunks: readonly string[]): string =>
  chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');

describe('a reply, however it is cut into packets', () => {
  it.each(['127.0.0.1', '::1'])('comes with its head in one, from %s', async (host) => {
    const { client } = await against((socket) => void socket.write(reply(READING)), host);
    expect(await client.getStatus(job)).toMatchObject({ status: 'executing', progress: 45 });
  });

  it('comes byte by byte', async () => {
    const { client } = await against((socket) => {
      socket.setNoDelay(true);
      for (const byte of reply(READING)) socket.write(byte);
    });
    expect(await client.getStatus(job)).toMatchObject({ progress: 45 });
  });

  it('comes in chunks', async () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    const { client } = await against(
      (socket) => void socket.write(`${head}${chunked(READING.slice(0, 9), READING.slice(9))}0\r\n\r\n`),
    );
    expect(await client.getStatus(job)).toMatchObject({ progress: 45 });
  });

  it('ends with its connection where it has no length', async () => {
    const { client } = await against((socket) => void socket.end(`HTTP/1.1 200 OK\r\n\r\n${READING}`));
    expect(await client.getStatus(job)).toMatchObject({ progress: 45 });
  });

  it('comes after interim ones', async () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
    const { client } = await against((socket) => void socket.write(hints + hints + reply(READING)));
    expect(await client.getStatus(job)).toMatchObject({ progress: 45 });
  });
});

describe('an unrequested 100 Continue', () => {
  const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

  it.each([
    ['in one packet with the reply', [CONTINUE + reply(READING)]],
    ['in a packet before it', [CONTINUE, reply(READING)]],
    ['twice, with headers', [`HTTP/1.1 100 Continue\r\nX-A: b\r\n\r\n${CONTINUE}`, reply(READING)]],
    ['cut in its name', ['HTT', 'P/1.1 10', '0 Continue\r\n', `\r\n${reply(READING)}`]],
  ])('is passed over: %s', async (_name, packets) => {
    const { client, server } = await against(async (socket) => {
      for (const packet of packets) {
        socket.write(packet);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    });
    for (let n = 0; n < 3; n += 1) expect(await client.getStatus(job)).toMatchObject({ progress: 45 });
    expect(server.connections()).toBe(1);
  });

  it('is data where it stands in a result', async () => {
    const { client, server } = await against((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${2 * CONTINUE.length}\r\n\r\n`);
      setTimeout(() => socket.write(CONTINUE + CONTINUE), 10);
    });
    const { chunks } = await client.fetchResult({ url: `${server.origin}/output.zip` });
    let got = '';
    for await (const chunk of chunks) got += Buffer.from(chunk).toString();
    expect(got).toBe(CONTINUE + CONTINUE);
  });
});

describe('a result in mid-body', () => {
  const pouring = () => {
    const poured = { bytes: 0, isClosed: false };
    const mb = Buffer.alloc(1024 * 1024);
    const onHead: OnHead = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1048576000\r\n\r\n');
      socket.on('close', () => {
        poured.isClosed = true;
      });
      const pour = (): void => {
        poured.bytes += mb.length;
        if (!socket.destroyed) socket.write(mb, pour);
      };
      pour();
    };
    return { poured, onHead };
  };

  it('is held back while it is not read, and released by close()', async () => {
    const { poured, onHead } = pouring();
    const { client, server } = await against(onHead);
    const stream = await client.fetchResult({ url: `${server.origin}/output.zip` });
    const iterator = stream.chunks[Symbol.asyncIterator]();
    await iterator.next();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { bytes } = poured;
    expect(bytes).toBeLessThan(50 * 1024 * 1024);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(poured.bytes).toBe(bytes);
    stream.close();
    await expect.poll(() => poured.isClosed).toBe(true);
  });

  it('is ended by its signal, and says so', async () => {
    const { poured, onHead } = pouring();
    const { client, server } = await against(onHead);
    const controller = new AbortController();
    const url = `${server.origin}/output.zip`;
    const { chunks } = await client.fetchResult({ url }, { signal: controller.signal });
    const reading = (async () => {
      for await (const _chunk of chunks) controller.abort();
    })();
    expect(await failureOf(reading)).toMatchObject({ kind: 'aborted' });
    await expect.poll(() => poured.isClosed).toBe(true);
  });
});

describe('a reply that breaks off', () => {
  const CUTS: ReadonlyArray<[string, string]> = [
    ['short of its length', `HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n${READING}`],
    [
      'short of its length, on a connection that closes',
      `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 500\r\n\r\n${READING}`,
    ],
    ['within chunks', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunked(READING)}`],
    [
      'within chunks, on a connection that closes',
      `HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${chunked(READING)}`,
    ],
  ];

  it.each(CUTS)('%s: is none, although what came can be read', async (_name, bytes) => {
    const { client, server } = await against((socket) => void socket.end(bytes));
    expect(await failureOf(client.getStatus(job))).toMatchObject({
      kind: 'bad-response',
      delivery: 'unknown',
    });
    expect(await failureOf(client.createJob({ workflowId: 'w', fileIds: ['f'] }))).toMatchObject({
      kind: 'bad-response',
      delivery: 'unknown',
    });
    expect(server.heads).toHaveLength(2);
  });

  it.each(CUTS)('%s: a result reports it while it is read', async (_name, bytes) => {
    const { client, server } = await against((socket) => void socket.end(bytes));
    const { chunks } = await client.fetchResult({ url: `${server.origin}/output.zip` });
    let got = '';
    const reading = (async () => {
      for await (const chunk of chunks) got += Buffer.from(chunk).toString();
    })();
    expect(await failureOf(reading)).toMatchObject({ kind: 'network', delivery: 'unknown' });
    expect(got).toBe(READING);
  });

  it('a refusal is one all the same', async () => {
    const { client } = await against(
      (socket) => void socket.end('HTTP/1.1 409 Conflict\r\nContent-Length: 99\r\n\r\n{"err'),
    );
    expect(await failureOf(client.getStatus(job))).toMatchObject({ kind: 'version-conflict', status: 409 });
  });
});

describe('unrequested bytes', () => {
  it('after a reply are no reply to the next request, and end the connection', async () => {
    const forged = reply('{"status":"completed"}');
    const { client, server } = await against(
      (socket, nth) => void socket.write(nth === 1 ? reply(READING) + forged : reply(READING)),
    );
    expect(await client.getStatus(job)).toMatchObject({ status: 'executing' });
    expect(await client.getStatus(job)).toMatchObject({ status: 'executing' });
    expect(server.connections()).toBe(2);
  });

  it('that are no HTTP', async () => {
    const { client } = await against((socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    expect(await failureOf(client.getStatus(job))).toMatchObject({ kind: 'bad-response' });
  });

  it('a head without end', async () => {
    const { client } = await against((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      for (let n = 0; n < 200; n += 1) socket.write(`X-Header-${n}: ${'x'.repeat(1_000)}\r\n`);
    });
    const failure = await failureOf(client.getStatus(job));
    expect(failure).toMatchObject({ kind: 'bad-response', delivery: 'unknown' });
    expect(failure.message).toContain('Headers Overflow');
  });

  it('a body beyond all measure is not read to its end', async () => {
    let written = 0;
    const mb = Buffer.alloc(1024 * 1024, ' ');
    const { client } = await against((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const pour = (): void => {
        written += mb.length;
        if (!socket.destroyed && written < 1_000 * mb.length) socket.write(mb, pour);
      };
      pour();
    });
    expect(await failureOf(client.getStatus(job))).toMatchObject({ kind: 'bad-response' });
    expect(written).toBeLessThan(100 * mb.length);
  });
});

describe('an encoded reply', () => {
  const encodings: ReadonlyArray<[string, (text: string) => Buffer]> = [
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['gzip, br', (text) => brotliCompressSync(gzipSync(text))],
    ['identity, gzip', gzipSync],
  ];
  const encoded =
    (name: string, bytes: Buffer): OnHead =>
    (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: ${name}\r\nContent-Length: ${bytes.length}\r\n\r\n`);
      socket.write(bytes);
    };

  it.each(encodings)('%s is decoded', async (name, encode) => {
    const { client, server } = await against(encoded(name, encode(READING)));
    expect(await client.getStatus(job)).toMatchObject({ progress: 45 });
    expect(server.heads[0]).toMatch(/^accept-encoding: .*gzip.*br/im);
  });

  it('more often than is ever right is not decoded', async () => {
    const four = [1, 2, 3, 4].reduce((bytes) => gzipSync(bytes), Buffer.from(READING));
    const { client } = await against(encoded('gzip, gzip, gzip, gzip', four));
    expect(await failureOf(client.getStatus(job))).toMatchObject({ kind: 'bad-response' });
  });

  it('that is not what it says cannot be read', async () => {
    const { client } = await against(encoded('gzip', Buffer.from(READING)));
    expect(await failureOf(client.getStatus(job))).toMatchObject({
      kind: 'bad-response',
      delivery: 'unknown',
    });
  });

  it('that unpacks to more than is ever taken is refused', async () => {
    const { client } = await against(encoded('gzip', gzipSync(READING.padEnd(80 * 1024 * 1024))));
    expect(await failureOf(client.getStatus(job))).toMatchObject({ kind: 'bad-response' });
  });

  it('a result is decoded once, by the reader of results', async () => {
    const { client, server } = await against(encoded('gzip', gzipSync(READING)));
    const { chunks } = await client.fetchResult({ url: `${server.origin}/output.zip` });
    const got: Uint8Array[] = [];
    for await (const chunk of chunks) got.push(chunk);
    expect(Buffer.concat(got).toString()).toBe(READING);
    expect(server.heads[0]).toMatch(/^accept-encoding: identity$/im);
    expect(server.heads[0]).not.toContain(KEY);
  });
});

describe('the adapter of the transport as any host may use it', () => {
  const ask = async (origin: string, adapter: AxiosAdapter) => {
    const { AxiosHeaders } = await import('axios');
    return adapter({
      url: `${origin}/a?b=c`,
      headers: new AxiosHeaders({ 'X-One': '1' }),
      responseType: 'stream',
    });
  };

  it('decodes a stream and joins headers that came twice, but not those that have one value', async () => {
    const bytes = gzipSync(READING);
    const { server } = await against((socket) => {
      const twice =
        'X-Limit: 1\r\nX-Limit: 2\r\nRetry-After: 3\r\nRetry-After: 4\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n';
      socket.write(
        `HTTP/1.1 429 No\r\n${twice}Content-Encoding: gzip\r\nContent-Length: ${bytes.length}\r\n\r\n`,
      );
      socket.write(bytes);
    });
    const transport = createNodeTransport({});
    open.push(transport);
    const response = await ask(server.origin, transport.adapter);
    expect(response.status).toBe(429);
    expect(response.headers).toMatchObject({
      'x-limit': '1, 2',
      'retry-after': '3',
      'set-cookie': ['a', 'b'],
    });
    let text = '';
    for await (const chunk of response.data) text += chunk;
    expect(text).toBe(READING);
    expect(server.heads[0]).toMatch(/^GET \/a\?b=c HTTP\/1.1\r\n/);
    expect(server.heads[0]).toMatch(/^x-one: 1$/im);
  });
});
