import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createNodeTransport } from '../../../../src/adapters/node/index.js';
import { createGoalClient, type GoalClientOptions } from '../../../../src/services/index.js';
import { failureOf } from '../../../support/failure-of.js';
import { type OnHead, serveBytes } from './raw-server.js';

const KEY = 'key-0123456789abcdef';
const job = { jobSpecId: 'job_1' };
const open: Array<{ close(): unknown }> = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

function clientOf(baseUrl: string, more: Partial<GoalClientOptions> = {}) {
  const client = createGoalClient({ apiKey: KEY, baseUrl, transport: createNodeTransport({}), ...more });
  open.push(client);
  return client;
}

async function against(onHead: OnHead, more: Partial<GoalClientOptions> = {}) {
  const server = await serveBytes(onHead);
  open.push(server);
  return { server, client: clientOf(server.origin, more) };
}

const reply = (body: string, ...headers: readonly string[]): string =>
  ['HTTP/1.1 200 OK', ...headers, `Content-Length: ${body.length}`, '', body].join('\r\n');
const READING = reply('{"status":"executing","jobSpecId":"job_1","itemVersion":1}');

const create = (client: ReturnType<typeof clientOf>, signal?: AbortSignal) =>
  client.createJob({ workflowId: 'w', fileIds: ['f'] }, signal ? { signal } : {});

describe('connections', () => {
  it('are kept: many polls one after another need one', async () => {
    const { server, client } = await against((socket) => void socket.write(READING));
    for (let n = 0; n < 20; n += 1) await client.getStatus(job);
    expect(server.heads).toHaveLength(20);
    expect(server.connections()).toBe(1);
  });

  it('are as many as there are requests at once', async () => {
    const { server, client } = await against((socket) => void socket.write(READING));
    await Promise.all(Array.from({ length: 12 }, () => client.getStatus(job)));
    expect(server.connections()).toBe(12);
  });

  it('are not kept where the server says that it closes them', async () => {
    const closing = READING.replace('\r\n', '\r\nConnection: close\r\n');
    const { server, client } = await against((socket) => void socket.end(closing));
    await client.getStatus(job);
    await client.getStatus(job);
    expect(server.connections()).toBe(2);
  });

  it('that the server closed while they rested are not used again', async () => {
    const { server, client } = await against((socket) => {
      socket.write(READING);
      setTimeout(() => socket.destroy(), 5);
    });
    for (let n = 0; n < 3; n += 1) {
      await client.getStatus(job);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    expect(server.connections()).toBe(3);
  });

  it('of a create are its own, whatever others rest there', async () => {
    const { server, client } = await against((socket) => void socket.write(READING));
    await client.getStatus(job);
    await create(client);
    await create(client);
    await client.getStatus(job);
    expect(server.connections()).toBe(3);
    expect(server.heads.map((head) => /^connection: (.*)$/im.exec(head)?.[1])).toEqual([
      'keep-alive',
      'close',
      'close',
      'keep-alive',
    ]);
  });
});

describe('a reset on a connection that was used before', () => {
  /** The second request on a connection is met by a reset, as by a server that closes while it comes. */
  const resetsTheSecond: OnHead = (socket, nth) => {
    if (nth === 2) socket.resetAndDestroy();
    else socket.write(READING);
  };

  it.each([
    ['a poll', (client: ReturnType<typeof clientOf>) => client.getStatus(job)],
    ['a confirm', (client: ReturnType<typeof clientOf>) => client.confirmJob({ ...job, itemVersion: 1 })],
    [
      'slots',
      (client: ReturnType<typeof clientOf>) => client.fillSlots({ ...job, itemVersion: 1, slots: [] }),
    ],
  ])('%s is reported as lost, and sent once', async (_name, call) => {
    const { server, client } = await against(resetsTheSecond);
    await client.getStatus(job);
    expect(await failureOf(call(client))).toMatchObject({ kind: 'network', delivery: 'unknown' });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.heads).toHaveLength(2);
    expect(server.connections()).toBe(1);
  });

  it('a create is sent once, and its outcome is unknown', async () => {
    const { server, client } = await against((socket) => void socket.resetAndDestroy());
    expect(await failureOf(create(client))).toMatchObject({ kind: 'network', delivery: 'unknown' });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.heads).toHaveLength(1);
  });
});

describe('a request that never left', () => {
  const deafSockets = new Set<Socket>();

  /** It accepts and says nothing: TCP stands, TLS does not. */
  async function deaf(): Promise<string> {
    const server = createServer((socket) => {
      deafSockets.add(socket);
      socket.on('error', () => undefined).on('close', () => deafSockets.delete(socket));
      // The end of a connection that is not read is not noticed.
      socket.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    open.push({ close: () => new Promise<void>((resolve) => server.close(() => resolve())) });
    return `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  }

  it('says so where its time ran out within the handshake', async () => {
    const client = clientOf(`https://${await deaf()}`, { requestTimeoutMs: 80 });
    const failure = await failureOf(create(client));
    expect(failure).toMatchObject({ kind: 'network', delivery: 'not-sent' });
    expect(failure.message).toContain('within 80 ms');
  });

  it('says so if it was aborted within the handshake', async () => {
    const controller = new AbortController();
    const call = failureOf(create(clientOf(`https://${await deaf()}`), controller.signal));
    setTimeout(() => controller.abort(), 30);
    expect(await call).toMatchObject({ kind: 'aborted', delivery: 'not-sent' });
  });

  it('does not say so once its head has left', async () => {
    const { client } = await against(() => undefined, { requestTimeoutMs: 80 });
    expect(await failureOf(create(client))).toMatchObject({ kind: 'network', delivery: 'unknown' });
  });

  it('says so where the other side speaks no TLS', async () => {
    const { server } = await against(() => undefined);
    const speaksHttp = createServer(
      (socket) => void socket.on('error', () => undefined).end('HTTP/1.1 400 No\r\n\r\n'),
    );
    await new Promise<void>((resolve) => speaksHttp.listen(0, '127.0.0.1', resolve));
    const address = speaksHttp.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const failure = await failureOf(create(clientOf(`https://127.0.0.1:${port}`)));
    expect(failure).toMatchObject({ kind: 'network', delivery: 'not-sent' });
    expect(server.heads).toEqual([]);
    speaksHttp.close();
  });

  it('says so in one line where the handshake is refused', async () => {
    const alert = Buffer.from([0x15, 3, 1, 0, 2, 2, 40]);
    const refusing = createServer((socket) => void socket.on('error', () => undefined).end(alert));
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    const address = refusing.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const failure = await failureOf(create(clientOf(`https://127.0.0.1:${port}`)));
    refusing.close();
    expect(failure).toMatchObject({ kind: 'network', delivery: 'not-sent' });
    expect(failure.message).toMatch(/handshake failure/);
    expect(failure.message).not.toContain('\n');
  });

  it('says so where the client is closed while it connects, and leaves no connection behind', async () => {
    const origin = await deaf();
    const client = clientOf(`https://${origin}`);
    const call = failureOf(create(client));
    setTimeout(() => client.close(), 30);
    expect(await call).toMatchObject({ kind: 'network', delivery: 'not-sent' });
    await expect.poll(() => deafSockets.size).toBe(0);
  });
});
