import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createNodeTransport } from '../../../../src/adapters/node/index.js';
import { createGoalClient } from '../../../../src/services/index.js';
import { failureOf } from '../../../support/failure-of.js';

const open: Array<{ close(): unknown }> = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/** A client behind a proxy that treats each CONNECT so. */
async function behind(treat: (socket: Socket) => unknown) {
  const sockets = new Set<Socket>();
  const proxy = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('data', () => treat(socket));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const client = createGoalClient({
    apiKey: 'key-0123456789abcdef',
    baseUrl: 'https://api.goal-lane.test/api/v1',
    transport: createNodeTransport({ HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}` }),
    requestTimeoutMs: 5_000,
  });
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  };
  open.push(client, { close });
  return { proxy, client };
}

const create = ({ client }: Awaited<ReturnType<typeof behind>>) =>
  failureOf(client.createJob({ workflowId: 'w', fileIds: ['f'] }));

describe('law 1 and law 8: a proxy that opens no tunnel and does not say why', () => {
  it.each<[string, (socket: Socket) => unknown]>([
    ['closes', (socket) => socket.end()],
    ['resets', (socket) => socket.resetAndDestroy()],
    ['breaks off', (socket) => socket.end('HTTP/1.1 40')],
    ['breaks off in its head', (socket) => socket.end('HTTP/1.1 200 OK\r\nVia: 1.1 x')],
    ['speaks something else', (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n')],
    ['sends a head without an end', (socket) => socket.end(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(99_999)}`)],
  ])('is named where it %s, and the API has received no create', async (_name, treat) => {
    const failure = await create(await behind(treat));
    expect(failure).toMatchObject({ kind: 'network', delivery: 'not-sent', speaker: 'proxy' });
    expect(failure.status).toBeUndefined();
    expect(failure.message).toContain('it gave no answer to CONNECT');
    expect(failure.advice).toContain('HTTPS_PROXY');
  });

  it('is named where it is not there', async () => {
    const site = await behind(() => undefined);
    site.proxy.close();
    const failure = await create(site);
    expect(failure).toMatchObject({ kind: 'network', delivery: 'not-sent', speaker: 'proxy' });
    expect(failure.message).toMatch(/the proxy does not connect .*cannot be reached: .*ECONNREFUSED/);
  });

  it('reports a page in the tunnel as what speaks no TLS', async () => {
    const failure = await create(
      await behind((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n<html>Sign in</html>')),
    );
    expect(failure).toMatchObject({ kind: 'network', delivery: 'not-sent' });
    expect(failure.message).toContain('what answered does not speak TLS');
    expect(failure.message).not.toMatch(/SSL routines|\n/);
    expect(failure.advice).toContain('login page');
  });
});

it('the advice for a 407 shows where user and password belong', async () => {
  const { advice } = await create(await behind((socket) => socket.end('HTTP/1.1 407 No\r\n\r\n')));
  expect(advice).toContain('USER:PASSWORD@');
});
