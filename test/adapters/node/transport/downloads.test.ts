import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createNodeTransport } from '../../../../src/adapters/node/index.js';
import { createGoalClient, type GoalClient } from '../../../../src/services/index.js';
import { failureOf } from '../../../support/failure-of.js';
import { type OnHead, type RawServer, serveBytes } from './raw-server.js';

const open: Array<{ close(): unknown }> = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function against(onHead: OnHead): Promise<{ client: GoalClient; server: RawServer; url: string }> {
  const server = await serveBytes(onHead);
  const transport = createNodeTransport({});
  const client = createGoalClient({ apiKey: 'key-0123456789abcdef', baseUrl: server.origin, transport });
  open.push(server, client);
  return { client, server, url: `${server.origin}/output.zip?sig=1` };
}

/** No two of its MBs are alike, so that a byte in the wrong place shows. */
function unlike(bytes: number): Buffer {
  const content = Buffer.allocUnsafe(bytes);
  for (let at = 0; at + 4 <= bytes; at += 4) content.writeUInt32LE((at * 2_654_435_761) >>> 0, at);
  return content;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Each chunk is done with before the next is asked for, after as long as `pause` takes. */
async function received(client: GoalClient, url: string, pause?: () => Promise<unknown>) {
  const hash = createHash('sha256');
  const sizes: number[] = [];
  const { chunks } = await client.fetchResult({ url });
  for await (const chunk of chunks) {
    await pause?.();
    hash.update(chunk);
    sizes.push(chunk.byteLength);
  }
  return { sha256: hash.digest('hex'), bytes: sizes.reduce((sum, size) => sum + size, 0), sizes };
}

const headOf = (bytes: number, ...more: readonly string[]): string =>
  ['HTTP/1.1 200 OK', `Content-Length: ${bytes}`, ...more, '', ''].join('\r\n');

const LARGE = unlike(9 * 1024 * 1024 + 17);

function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    socket.write(bytes, () => resolve());
  });
}

describe('a large result of known length', () => {
  it('comes whole, in few large chunks', async () => {
    const { client, url } = await against((socket) => {
      socket.write(headOf(LARGE.length));
      socket.write(LARGE);
    });
    const got = await received(client, url);
    expect(got).toMatchObject({ bytes: LARGE.length, sha256: sha256(LARGE) });
    expect(Math.max(...got.sizes)).toBeGreaterThan(256 * 1024);
  });

  it('comes whole to a reader that is slow, of which it uses no chunk too early', async () => {
    const { client, url } = await against((socket) => {
      socket.write(headOf(LARGE.length));
      socket.write(LARGE);
    });
    const got = await received(client, url, () => sleep(5));
    expect(got).toMatchObject({ bytes: LARGE.length, sha256: sha256(LARGE) });
  });

  it('comes whole through a line that is slow and cuts anywhere', async () => {
    const content = LARGE.subarray(0, 700_001);
    const { client, url } = await against(async (socket) => {
      const all = Buffer.concat([Buffer.from(headOf(content.length)), content]);
      for (let at = 0, size = 1; at < all.length; at += size, size = (size * 3) % 65_521) {
        await write(socket, all.subarray(at, at + size));
        if (size < 2_000) await sleep(2);
      }
    });
    expect(await received(client, url)).toMatchObject({ bytes: content.length, sha256: sha256(content) });
  });

  it.each([1, 64_000, 5 * 1024 * 1024])(
    'begins in the packet of its head, with %d bytes of it',
    async (early) => {
      const { client, url } = await against((socket) => {
        socket.write(Buffer.concat([Buffer.from(headOf(LARGE.length)), LARGE.subarray(0, early)]));
        setTimeout(() => socket.write(LARGE.subarray(early)), 20);
      });
      expect(await received(client, url)).toMatchObject({ bytes: LARGE.length, sha256: sha256(LARGE) });
    },
  );

  it.each([0, 3])('of %d bytes is all in the packet of its head', async (bytes) => {
    const content = LARGE.subarray(0, bytes);
    const { client, url } = await against((socket) => {
      socket.write(Buffer.concat([Buffer.from(headOf(bytes)), content]));
    });
    expect(await received(client, url)).toMatchObject({ bytes, sha256: sha256(content) });
  });

  it('is reported at once, with the first bytes', async () => {
    const { client, url } = await against((socket) => void socket.write(`${headOf(1_000)}first`));
    const { chunks, close } = await client.fetchResult({ url });
    const { value } = await chunks[Symbol.asyncIterator]().next();
    expect(Buffer.from(value ?? []).toString()).toBe('first');
    close();
  });

  it.each([
    ['in the packet of its last bytes', 0],
    ['later', 20],
  ])('ends where it ends: what comes behind it is no part of it, %s', async (_when, ms) => {
    const content = LARGE.subarray(0, 600_000);
    const forged = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil';
    let closed = false;
    const { client, url, server } = await against((socket) => {
      socket.on('close', () => {
        closed = true;
      });
      const whole = [Buffer.from(headOf(content.length)), content];
      if (ms === 0) return void socket.write(Buffer.concat([...whole, Buffer.from(forged)]));
      socket.write(Buffer.concat(whole));
      setTimeout(() => socket.write(forged), ms);
    });
    expect(await received(client, url)).toMatchObject({ bytes: content.length, sha256: sha256(content) });
    await expect.poll(() => closed).toBe(true);
    expect(await received(client, url)).toMatchObject({ bytes: content.length });
    expect(server.connections()).toBe(2);
  });

  it('comes after interim replies, one of them cut', async () => {
    const content = LARGE.subarray(0, 600_000);
    const { client, url } = await against(async (socket) => {
      socket.setNoDelay(true);
      await write(socket, Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: </a>\r'));
      await sleep(20);
      const rest = `\n\r\nHTTP/1.1 100 Continue\r\n\r\n${headOf(content.length)}`;
      socket.write(Buffer.concat([Buffer.from(rest), content]));
    });
    expect(await received(client, url)).toMatchObject({ bytes: content.length, sha256: sha256(content) });
  });
});

describe('a large result without a length', () => {
  const chunked = (content: Buffer): Buffer[] => {
    const parts: Buffer[] = [];
    for (let at = 0; at < content.length; at += 100_000) {
      const part = content.subarray(at, at + 100_000);
      parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
    }
    return [...parts, Buffer.from('0\r\n\r\n')];
  };
  const HEAD = Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');

  it.each([undefined, 5])('comes whole in chunks, to a reader that takes %s ms for each', async (ms) => {
    const { client, url } = await against((socket) => {
      socket.write(Buffer.concat([HEAD, ...chunked(LARGE)]));
    });
    const pause = ms === undefined ? undefined : () => sleep(ms);
    expect(await received(client, url, pause)).toMatchObject({ bytes: LARGE.length, sha256: sha256(LARGE) });
  });

  it('applies back pressure while it is not read', async () => {
    let poured = 0;
    const { client, url } = await against((socket) => {
      socket.write(HEAD);
      const part = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(0x100000), Buffer.from('\r\n')]);
      const pour = (): void => {
        poured += part.length;
        if (!socket.destroyed) socket.write(part, pour);
      };
      pour();
    });
    const { close } = await client.fetchResult({ url });
    await sleep(200);
    const before = poured;
    expect(before).toBeLessThan(50 * 1024 * 1024);
    await sleep(100);
    expect(poured).toBe(before);
    close();
  });

  it('cut within a chunk is a loss', async () => {
    const { client, url } = await against((socket) => {
      socket.end(Buffer.concat([HEAD, ...chunked(LARGE).slice(0, 20)]));
    });
    expect(await failureOf(received(client, url))).toMatchObject({ kind: 'network', delivery: 'unknown' });
  });

  it('with both a length and chunks is no reply at all', async () => {
    const { client, url } = await against((socket) => {
      const head = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n';
      socket.end(`${head}5\r\nhello\r\n0\r\n\r\n`);
    });
    expect(await failureOf(received(client, url))).toMatchObject({ kind: 'bad-response' });
  });
});

describe('a large result that is lost', () => {
  it.each([
    ['a clean end', (socket: Socket) => socket.end()],
    ['a reset', (socket: Socket) => socket.resetAndDestroy()],
  ])('by %s in mid-body gives what came, and says so', async (_name, lose) => {
    const { client, url } = await against(async (socket) => {
      socket.write(headOf(LARGE.length));
      await write(socket, LARGE.subarray(0, 2_000_000));
      setTimeout(() => lose(socket), 100);
    });
    const got: Buffer[] = [];
    const { chunks } = await client.fetchResult({ url });
    const reading = (async () => {
      for await (const chunk of chunks) got.push(Buffer.from(chunk));
    })();
    expect(await failureOf(reading)).toMatchObject({ kind: 'network', delivery: 'unknown' });
    expect(Buffer.concat(got).equals(LARGE.subarray(0, 2_000_000))).toBe(true);
  });

  it('by its reader, in mid-body: the connection is closed', async () => {
    let closed = 0;
    const { client, url } = await against((socket) => {
      socket.on('close', () => {
        closed += 1;
      });
      socket.write(headOf(LARGE.length));
      socket.write(LARGE.subarray(0, 3_000_000));
    });
    const { chunks } = await client.fetchResult({ url });
    for await (const _chunk of chunks) break;
    await expect.poll(() => closed).toBe(1);
  });

  it('by its signal while nothing comes', async () => {
    const { client, url } = await against((socket) => void socket.write(headOf(LARGE.length)));
    const controller = new AbortController();
    const { chunks } = await client.fetchResult({ url }, { signal: controller.signal });
    const reading = (async () => {
      for await (const _chunk of chunks) throw new Error('nothing was sent');
    })();
    setTimeout(() => controller.abort(), 20);
    expect(await failureOf(reading)).toMatchObject({ kind: 'aborted' });
  });

  it('by its signal before a reply', async () => {
    const controller = new AbortController();
    const { client, url } = await against(() => controller.abort());
    const asking = client.fetchResult({ url }, { signal: controller.signal });
    expect(await failureOf(asking)).toMatchObject({ kind: 'aborted', delivery: 'unknown' });
  });

  it('by close() of the client, in mid-body', async () => {
    const { client, url } = await against((socket) => void socket.write(headOf(LARGE.length)));
    const { chunks } = await client.fetchResult({ url });
    setTimeout(() => client.close?.(), 20);
    const reading = (async () => {
      for await (const _chunk of chunks) throw new Error('nothing was sent');
    })();
    expect(await failureOf(reading)).toMatchObject({ kind: 'network' });
  });

  it.each([
    ['before a head', (socket: Socket) => socket.end(), 'network'],
    ['within a head', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-'), 'network'],
    [
      'by words that are no HTTP',
      (socket: Socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n\r\n'),
      'bad-response',
    ],
  ])('%s', async (_name, act, kind) => {
    const { client, url } = await against((socket) => void act(socket));
    expect(await failureOf(client.fetchResult({ url }))).toMatchObject({ kind, delivery: 'unknown' });
  });

  it('by a head without end: it is not gathered', async () => {
    let closed = false;
    const { client, url } = await against((socket) => {
      socket.on('close', () => {
        closed = true;
      });
      socket.write('HTTP/1.1 200 OK\r\n');
      const pour = (): void => {
        if (!socket.destroyed) socket.write(`X-Header: ${'x'.repeat(10_000)}\r\n`, pour);
      };
      pour();
    });
    expect(await failureOf(client.fetchResult({ url }))).toMatchObject({ kind: 'bad-response' });
    await expect.poll(() => closed).toBe(true);
  });

  it('by a server that is not there: nothing was sent', async () => {
    const { client, url, server } = await against(() => undefined);
    await server.close();
    expect(await failureOf(client.fetchResult({ url }))).toMatchObject({
      kind: 'network',
      delivery: 'not-sent',
    });
  });
});

describe('connections of results', () => {
  it('are never one that was used before, which the other side might be closing', async () => {
    const { client, server, url } = await against((socket, nth) => {
      if (nth % 2 === 0) return void socket.resetAndDestroy();
      socket.write(`${headOf(5)}hello`);
    });
    expect(await received(client, url)).toMatchObject({ bytes: 5 });
    expect(await failureOf(received(client, url))).toMatchObject({ kind: 'network' });
    expect(await received(client, url)).toMatchObject({ bytes: 5 });
    expect(server.connections()).toBe(3);
    expect(server.heads[0]).toMatch(/^connection: close$/im);
    expect(server.heads[0]).not.toContain('key-0123456789abcdef');
  });

  it('over a refusal: its words are heard', async () => {
    const { client, url } = await against((socket) => {
      const body = '<Error><Code>AccessDenied</Code></Error>';
      socket.write(`HTTP/1.1 403 Forbidden\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
    expect(await failureOf(client.fetchResult({ url }))).toMatchObject({ kind: 'gone', status: 403 });
  });
});
