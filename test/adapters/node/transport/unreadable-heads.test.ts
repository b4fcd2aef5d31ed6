import { afterEach, describe, expect, it } from 'vitest';
import { createNodeTransport } from '../../../../src/adapters/node/index.js';
import { createGoalClient, type GoalClientOptions } from '../../../../src/services/index.js';
import { failureOf } from '../../../support/failure-of.js';
import { serveBytes } from './raw-server.js';

const open: Array<{ close?(): unknown }> = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close?.();
});

const BODY = '{"status":"executing"}';
const HEADS: ReadonlyArray<readonly [string, string]> = [
  ['the same length twice', `HTTP/1.1 200 OK\r\nContent-Length: 22\r\nContent-Length: 22\r\n\r\n${BODY}`],
  ['two lengths', `HTTP/1.1 200 OK\r\nContent-Length: 22\r\nContent-Length: 5\r\n\r\n${BODY}`],
  ['a list of lengths', `HTTP/1.1 200 OK\r\nContent-Length: 22, 22\r\n\r\n${BODY}`],
  ['a length beyond all numbers', `HTTP/1.1 200 OK\r\nContent-Length: ${'9'.repeat(30)}\r\n\r\n${BODY}`],
  [
    'a length and chunks',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['a header that is too long', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
];

const TRANSPORTS: ReadonlyArray<readonly [string, () => GoalClientOptions]> = [
  ['ours', () => ({ transport: createNodeTransport({}) })],
  ['fetch', () => ({ fetch: globalThis.fetch })],
];

describe.each(TRANSPORTS)('a head that cannot be read, by the transport %s', (_name, by) => {
  async function against(bytes: string) {
    const server = await serveBytes((socket) => void socket.write(bytes));
    const client = createGoalClient({ apiKey: 'key-0123456789abcdef', baseUrl: server.origin, ...by() });
    open.push(server, client);
    return { server, client };
  }

  it.each(HEADS)('with %s: it is reported as a reply, and nothing is sent again', async (_what, bytes) => {
    const { server, client } = await against(bytes);
    const failure = await failureOf(client.createJob({ workflowId: 'w', fileIds: ['f'] }));
    expect(failure).toMatchObject({ kind: 'bad-response', delivery: 'unknown' });
    expect(failure.message).toContain('got a reply that');
    expect(server.heads).toHaveLength(1);
  });
});

it('a status that is none is reported as a reply, in words', async () => {
  for (const status of ['000', '101']) {
    const server = await serveBytes((socket) => void socket.write(`HTTP/1.1 ${status} No\r\n\r\n`));
    const transport = createNodeTransport({});
    const client = createGoalClient({ apiKey: 'key-0123456789abcdef', baseUrl: server.origin, transport });
    open.push(server, client);
    const failure = await failureOf(client.getStatus({ jobSpecId: 'job_1' }));
    expect(failure).toMatchObject({ kind: 'bad-response', delivery: 'unknown' });
    expect(failure.message).not.toMatch(/assert|\n/);
  }
});
