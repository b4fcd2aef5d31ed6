import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createNodeTransport } from '../../../../src/adapters/node/index.js';
import { createGoalClient, type GoalClientOptions } from '../../../../src/services/index.js';
import { failureOf } from '../../../support/failure-of.js';
import { serveBytes } from './raw-server.js';

const open: Array<{ close?(): unknown }> = [];

// Loaded with the first request, which would take from its time.
beforeAll(() => import('undici'));

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close?.();
});

const TRANSPORTS: ReadonlyArray<readonly [string, () => GoalClientOptions]> = [
  ['ours', () => ({ transport: createNodeTransport({}) })],
  ['fetch', () => ({ fetch: globalThis.fetch })],
];

describe.each(TRANSPORTS)('a refusal whose body does not come, by the transport %s', (_name, by) => {
  async function against(head: string, ms = 400) {
    const server = await serveBytes((socket) => void socket.write(`${head}\r\n\r\n{"err`));
    const client = createGoalClient({
      apiKey: 'key-0123456789abcdef',
      baseUrl: server.origin,
      requestTimeoutMs: ms,
      stallTimeoutMs: ms,
      ...by(),
    });
    open.push(server, client);
    return { server, client };
  }
  const reset = Math.ceil(Date.now() / 1_000) + 60;
  const SHUT = `HTTP/1.1 429 No\r\nX-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: ${reset}\r\nContent-Length: 99`;

  it('is one, and its limit is kept (law 3, never early)', async () => {
    const { server, client } = await against(SHUT);
    const job = { jobSpecId: 'job_1' };
    expect(await failureOf(client.getStatus(job))).toMatchObject({ kind: 'rate-limited', status: 429 });
    expect(await failureOf(client.getStatus(job))).toMatchObject({ delivery: 'not-sent' });
    expect(server.heads).toHaveLength(1);
  });

  it('is none where its caller ended it', async () => {
    const { server, client } = await against(SHUT, 10_000);
    const controller = new AbortController();
    const ended = failureOf(client.getStatus({ jobSpecId: 'job_1' }, { signal: controller.signal }));
    await expect.poll(() => server.heads.length).toBe(1);
    setTimeout(() => controller.abort(), 30);
    expect(await ended).toMatchObject({ kind: 'aborted', delivery: 'unknown' });
  });

  it('by storage is one: the URL is asked for anew', async () => {
    const { server, client } = await against('HTTP/1.1 403 No\r\nContent-Length: 99');
    const failure = await failureOf(client.fetchResult({ url: `${server.origin}/output.zip?sig=1` }));
    expect(failure).toMatchObject({ kind: 'gone', status: 403 });
  });
});
