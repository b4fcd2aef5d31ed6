import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createNodeTransport } from '../../../../src/adapters/node/index.js';
import { createGoalClient, type GoalClient } from '../../../../src/services/index.js';
import { failureOf } from '../../../support/failure-of.js';
import { type OnHead, type RawServer, serveBytes } from './raw-server.js';

const JOB = '{"status":"executing","jobSpecId":"job_1","itemVersion":1,"slots":[],"progress":45}';
const REPLY = `HTTP/1.1 200 OK\r\nContent-Length: ${JOB.length}\r\n\r\n${JOB}`;
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
const open: Array<{ close(): unknown }> = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function against(onHead: OnHead, ms = 5_000): Promise<{ client: GoalClient; server: RawServer }> {
  const server = await serveBytes(onHead);
  const client = createGoalClient({
    apiKey: 'key-0123456789abcdef',
    baseUrl: server.origin,
    transport: createNodeTransport({}),
    requestTimeoutMs: ms,
    stallTimeoutMs: ms,
  });
  open.push(server, client);
  return { client, server };
}

const create = (client: GoalClient) => client.createJob({ workflowId: 'w', fileIds: ['f'] });

/** Writes the same bytes as long as they are taken. */
function pour(socket: Socket, bytes: string): void {
  const more = (error?: Error | null): void => {
    if (!error && !socket.destroyed) socket.write(bytes, more);
  };
  more();
}

describe('interim replies before the reply to a create', () => {
  it.each([
    ['103 and 100', [HINTS + CONTINUE + REPLY]],
    ['100 and 103', [CONTINUE + HINTS + REPLY]],
    ['102 and 100, each in a packet', ['HTTP/1.1 102 Processing\r\n\r\n', CONTINUE, REPLY]],
    ['one that is cut, and ends with its packet', ['HTTP/1.1 10', '0 Continue\r\n\r\n', REPLY]],
    [
      'one that ends within the next',
      [`${HINTS}HTTP/1.1 1`, `03 Early Hints\r\n\r\n${CONTINUE}HTT`, REPLY.slice(3)],
    ],
  ])('are passed over: %s', async (_name, packets) => {
    const { client, server } = await against(async (socket) => {
      socket.setNoDelay(true);
      for (const packet of packets) {
        socket.write(packet);
        await sleep(10);
      }
    });
    expect(await create(client)).toMatchObject({ jobSpecId: 'job_1' });
    expect(await client.getStatus({ jobSpecId: 'job_1' })).toMatchObject({ progress: 45 });
    expect(server.heads).toHaveLength(2);
  });

  it('are not passed over where HTTP ends with them: the outcome is unknown', async () => {
    const { client } = await against(
      (socket) => void socket.write('HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
    );
    const failure = await failureOf(create(client));
    expect(failure).toMatchObject({ kind: 'bad-response', delivery: 'unknown' });
  });
});

describe('interim replies without an end', () => {
  it('do not outlast the time of a request', async () => {
    const { client } = await against((socket) => pour(socket, CONTINUE.repeat(50)), 300);
    expect(await failureOf(client.getStatus({ jobSpecId: 'job_1' }))).toMatchObject({ kind: 'network' });
  });

  it('do not outlast the patience of a download, and fill no memory', async () => {
    const { client, server } = await against((socket) => pour(socket, HINTS.repeat(50)), 300);
    const failure = await failureOf(client.fetchResult({ url: `${server.origin}/output.zip` }));
    expect(failure).toMatchObject({ kind: 'network' });
    expect(failure.message).toContain('300 ms');
  });

  it('are not collected where one of them is longer than any head', async () => {
    let poured = 0;
    const { client } = await against((socket) => {
      socket.write('HTTP/1.1 100 Continue\r\n');
      const line = `X-Header: ${'x'.repeat(10_000)}\r\n`;
      const more = (error?: Error | null): void => {
        poured += line.length;
        if (!error && !socket.destroyed && poured < 100_000_000) socket.write(line, more);
      };
      more();
    });
    expect(await failureOf(client.getStatus({ jobSpecId: 'job_1' }))).toMatchObject({ kind: 'bad-response' });
    expect(poured).toBeLessThan(100_000_000);
  });
});
