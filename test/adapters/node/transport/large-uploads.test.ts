import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxiosHeaders } from 'axios';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createNodeClient, createNodeTransport } from '../../../../src/adapters/node/index.js';
import { DiskBody } from '../../../../src/adapters/node/uploads/disk-body.js';
import type { GoalClient } from '../../../../src/services/index.js';
import { failureOf } from '../../../support/failure-of.js';

const MB = 1024 * 1024;
const BYTES = 12 * MB;
const REPLY =
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"file_id":"file_1"}';

let dir = '';
let path = '';
let sha256 = '';
const open: Array<{ close(): unknown }> = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'goal-lane-large-'));
  path = join(dir, 'large.bin');
  const content = randomBytes(BYTES);
  sha256 = createHash('sha256').update(content).digest('hex');
  await writeFile(path, content);
});
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});
afterAll(() => rm(dir, { recursive: true, force: true }));

interface Seen {
  head: string;
  /** The body as it came, without the head. */
  readonly chunks: Buffer[];
  received: number;
  isClosed: boolean;
}

interface Listening {
  readonly url: string;
  readonly seen: Seen[];
}

/** Reads each connection as one request; `onData` may answer whenever bytes of its body have come. */
async function listen(onData: (socket: Socket, seen: Seen, isWhole: boolean) => void): Promise<Listening> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const one: Seen = { head: '', chunks: [], received: 0, isClosed: false };
    seen.push(one);
    sockets.add(socket);
    socket
      .on('error', () => undefined)
      .on('close', () => {
        one.isClosed = true;
      });
    let pending = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      if (one.head === '') {
        pending = Buffer.concat([pending, bytes]);
        const end = pending.indexOf('\r\n\r\n');
        if (end < 0) return;
        one.head = pending.subarray(0, end).toString('latin1');
        bytes = pending.subarray(end + 4);
      }
      one.chunks.push(bytes);
      one.received += bytes.length;
      onData(socket, one, one.received >= Number(/^content-length: *(\d+)/im.exec(one.head)?.[1] ?? 0));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, seen };
}

function clientOf(url: string): GoalClient {
  const client = createNodeClient({ apiKey: 'key-0123456789abcdef', baseUrl: url });
  open.push(client);
  return client;
}

const upload = (client: GoalClient) =>
  client.uploadFile({ file: { handle: path, name: 'large.bin', bytes: BYTES } });

/** Sends in pieces, each in a packet of its own. */
async function inPieces(socket: Socket, text: string, size: number): Promise<void> {
  socket.setNoDelay(true);
  for (let at = 0; at < text.length; at += size) {
    socket.write(text.slice(at, at + size));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a large file over plain HTTP', () => {
  it('arrives whole, each on a connection of its own', async () => {
    const server = await listen((socket, _, isWhole) => void (isWhole && socket.write(REPLY)));
    const client = clientOf(server.url);
    expect(await upload(client)).toEqual({ fileId: 'file_1' });
    expect(await upload(client)).toEqual({ fileId: 'file_1' });
    expect(server.seen).toHaveLength(2);
    for (const { head, chunks } of server.seen) {
      expect(head).toMatch(/^POST \/upload HTTP\/1\.1\r\n/);
      expect(head).not.toMatch(/^(expect|transfer-encoding):/im);
      expect(head.match(/^authorization: Bearer key-0123456789abcdef$/gim)).toHaveLength(1);
      const body = Buffer.concat(chunks);
      const start = body.indexOf('\r\n\r\n') + 4;
      expect(
        createHash('sha256')
          .update(body.subarray(start, start + BYTES))
          .digest('hex'),
      ).toBe(sha256);
    }
    await expect.poll(() => server.seen.map(({ isClosed }) => isClosed)).toEqual([true, true]);
  });

  it.each([
    ['in pieces', 3, ''],
    [
      'after interim replies',
      40,
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n',
    ],
  ])('gets its reply %s', async (_, size, before) => {
    const server = await listen((socket, _seen, isWhole) => {
      if (isWhole) void inPieces(socket, before + REPLY, size);
    });
    expect(await upload(clientOf(server.url))).toEqual({ fileId: 'file_1' });
  });

  it('takes a reply without a length to the end of the connection, and ignores bytes after one with a length', async () => {
    const endless = await listen((socket, _, isWhole) => {
      if (isWhole) socket.end('HTTP/1.1 200 OK\r\n\r\n{"file_id":"file_2"}');
    });
    expect(await upload(clientOf(endless.url))).toEqual({ fileId: 'file_2' });
    const surplus = await listen((socket, _, isWhole) => void (isWhole && socket.write(`${REPLY}surplus`)));
    expect(await upload(clientOf(surplus.url))).toEqual({ fileId: 'file_1' });
  });
});

describe('a large file that does not arrive', () => {
  it('was not sent where no server is', async () => {
    const server = await listen(() => undefined);
    for (const one of open.splice(0)) one.close();
    expect(await failureOf(upload(clientOf(server.url)))).toMatchObject({
      kind: 'network',
      delivery: 'not-sent',
    });
  });

  it.each([
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
    ['closed', (socket: Socket) => socket.destroy()],
    ['ended', (socket: Socket) => socket.end()],
  ])('is lost where its connection is %s in mid-body', async (_, cut) => {
    const server = await listen((socket, { received }) => void (received > MB && cut(socket)));
    const failure = await failureOf(upload(clientOf(server.url)));
    expect(failure).toMatchObject({ kind: 'network', delivery: 'unknown' });
    expect(server.seen).toHaveLength(1);
  });

  it.each([413, 429])('is refused with %i in mid-body, although the reply itself is cut', async (status) => {
    const server = await listen((socket, { received }) => {
      if (received < MB || socket.isPaused()) return;
      socket.pause();
      socket.write(`HTTP/1.1 ${status} No\r\nContent-Length: 100\r\n\r\n{"error":`);
      // A reset that overtakes the reply could not be told from one without it.
      setTimeout(() => socket.destroy(), 50);
    });
    expect(await failureOf(upload(clientOf(server.url)))).toMatchObject({ status });
  });

  it('is given up where the reply is no HTTP', async () => {
    const server = await listen(
      (socket, { received }) => void (received > MB && socket.write('220 mail\r\n')),
    );
    expect(await failureOf(upload(clientOf(server.url)))).toMatchObject({ delivery: 'unknown' });
    await expect.poll(() => server.seen[0]?.isClosed).toBe(true);
  });

  it('ends with its client', async () => {
    const server = await listen((socket) => void socket.pause());
    const client = clientOf(server.url);
    const failure = failureOf(upload(client));
    await expect.poll(() => server.seen[0]?.received ?? 0).toBeGreaterThan(0);
    client.close();
    expect(await failure).toMatchObject({ kind: 'network', delivery: 'unknown' });
  });
});

describe('the body of a large file', () => {
  const headers = new AxiosHeaders({ 'Content-Length': String(BYTES) });
  async function send(url: string, parts: () => AsyncGenerator<Uint8Array>, env = {}) {
    const transport = createNodeTransport(env);
    open.push(transport);
    return transport.adapter({ url, method: 'post', headers, data: new DiskBody(parts) });
  }

  it('that cannot be read at all is not sent, nor is its head', async () => {
    const server = await listen(() => undefined);
    // biome-ignore lint/correctness/useYield: a file of which nothing can be read
    const sending = send(`${server.url}/upload`, async function* () {
      throw new Error('no such file');
    });
    await expect(sending).rejects.toMatchObject({ isSent: false, message: 'no such file' });
    await expect.poll(() => server.seen[0]?.isClosed).toBe(true);
    expect(server.seen[0]?.head).toBe('');
  });

  it('that breaks off is closed, and never completed', async () => {
    const server = await listen(() => undefined);
    const sending = send(`${server.url}/upload`, async function* () {
      yield Buffer.alloc(MB);
      throw new Error('it has changed');
    });
    await expect(sending).rejects.toMatchObject({ isSent: true, message: 'it has changed' });
    await expect.poll(() => server.seen[0]?.isClosed).toBe(true);
    expect(server.seen[0]?.received).toBeLessThanOrEqual(MB);
  });

  it('goes through a proxy where there is one', async () => {
    const proxy = await listen((socket, _, isWhole) => void (isWhole && socket.write(REPLY)));
    async function* whole(): AsyncGenerator<Uint8Array> {
      for (let sent = 0; sent < BYTES; sent += MB) yield Buffer.alloc(MB);
    }
    const reply = await send('http://api.example/upload', whole, { http_proxy: proxy.url });
    expect(reply.status).toBe(200);
    expect(proxy.seen.map(({ head }) => head.split('\r\n')[0])).toEqual([
      'POST http://api.example/upload HTTP/1.1',
    ]);
  });
});
