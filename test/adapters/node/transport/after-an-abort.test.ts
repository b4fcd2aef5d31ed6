import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createNodeTransport } from '../../../../src/adapters/node/index.js';
import { createGoalClient, type GoalClient } from '../../../../src/services/index.js';
import { failureOf } from '../../../support/failure-of.js';
import { serveBytes } from './raw-server.js';

const JOB = '{"status":"executing","jobSpecId":"job_1","itemVersion":1,"slots":[]}';
const REPLY = `HTTP/1.1 200 OK\r\nContent-Length: ${JOB.length}\r\n\r\n${JOB}`;
const open: Array<{ close(): unknown }> = [];

// Loaded with the first request, which would take from its time.
beforeAll(() => import('undici'));

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

type Call = (client: GoalClient, signal?: AbortSignal) => Promise<unknown>;

const CALLS: ReadonlyArray<readonly [string, Call]> = [
  ['a poll', (client, signal) => client.getStatus({ jobSpecId: 'job_1' }, signal ? { signal } : {})],
  [
    'a create',
    (client, signal) => client.createJob({ workflowId: 'w', fileIds: ['f'] }, signal ? { signal } : {}),
  ],
];

/** Answers every request but the first `silent`. */
async function against(silent: number, requestTimeoutMs: number) {
  const server = await serveBytes((socket, nth) => {
    if (nth > silent) socket.write(REPLY);
  });
  const transport = createNodeTransport({});
  const client = createGoalClient({
    apiKey: 'key-0123456789abcdef',
    baseUrl: server.origin,
    transport,
    requestTimeoutMs,
  });
  open.push(server, client);
  return { server, client };
}

describe.each(CALLS)('%s that ends before its reply', (_name, call) => {
  it('by its time limit, opens no connection for a request that is not sent', async () => {
    const { server, client } = await against(1, 400);
    expect(await failureOf(call(client))).toMatchObject({ kind: 'network', delivery: 'unknown' });
    await sleep(50);
    expect(server.connections()).toBe(1);
    await call(client);
    expect(server.connections()).toBe(2);
  });

  it('by its caller, opens none either', async () => {
    const { server, client } = await against(1, 5_000);
    const controller = new AbortController();
    const ended = failureOf(call(client, controller.signal));
    await expect.poll(() => server.heads.length).toBe(1);
    controller.abort();
    expect(await ended).toMatchObject({ kind: 'aborted', delivery: 'unknown' });
    await sleep(50);
    expect(server.connections()).toBe(1);
  });
});

it('requests at once are all served while others end', async () => {
  const { server, client } = await against(10, 5_000);
  const job = { jobSpecId: 'job_1' };
  const controller = new AbortController();
  const { signal } = controller;
  const ended = Promise.all(Array.from({ length: 10 }, () => failureOf(client.getStatus(job, { signal }))));
  await expect.poll(() => server.heads.length).toBe(10);
  const served = Promise.all(Array.from({ length: 10 }, () => client.getStatus(job)));
  controller.abort();
  expect(await served).toHaveLength(10);
  expect(await ended).toEqual(Array(10).fill(expect.objectContaining({ kind: 'aborted' })));
  expect(await client.getStatus(job)).toMatchObject({ status: 'executing' });
});
