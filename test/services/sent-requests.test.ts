import { describe, expect, it } from 'vitest';
import { runBrowserJob } from '../../src/adapters/browser/index.js';
import { startEmulator } from '../../src/adapters/emulator/index.js';
import { TransportError } from '../../src/services/errors/transport-error.js';
import {
  createGoalClient,
  type FetchFunction,
  type GoalClientOptions,
  GoalLaneError,
} from '../../src/services/index.js';
import { failureOf } from '../support/failure-of.js';

const coded = (code: string, more: object = {}) => Object.assign(new Error('it failed'), { code, ...more });

/** What is said of connections that were never opened, and a reply's body may break with, too. */
const WORDS: ReadonlyArray<readonly [string, () => Error]> = [
  ...[
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EAI_FAIL',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'EADDRNOTAVAIL',
    'ERR_INVALID_URL',
    'ConnectionRefused',
    'FailedToOpenSocket',
    'UND_ERR_CONNECT_TIMEOUT',
    'CERT_HAS_EXPIRED',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_PROXY_TUNNEL',
  ].map((code) => [code, () => coded(code)] as const),
  ['a connect that failed', () => coded('ETIMEDOUT', { syscall: 'connect' })],
  ['a lookup that failed', () => coded('EAI_NODATA', { syscall: 'getaddrinfo' })],
  ['each address in vain', () => new AggregateError([coded('ECONNREFUSED')], 'all failed')],
  ['a cause', () => new TypeError('fetch failed', { cause: coded('ECONNREFUSED') })],
  ['the words of a tunnel', () => new Error('failed to establish tunnel')],
  ['the words of a proxy', () => new Error('Proxy response (407) !== 200 when HTTP Tunneling')],
  ['the step of Deno', () => new TypeError('client error (Connect): tcp connect error')],
  [
    'the words of a handshake',
    () => new Error('Client network socket disconnected before secure TLS connection was established'),
  ],
];

const create = { workflowId: 'w', fileIds: ['f'] };
const clientOf = (options: GoalClientOptions) =>
  createGoalClient({ apiKey: 'key-0123456789abcdef', baseUrl: 'http://127.0.0.1:9/api/v1', ...options });

const fetched = (fetch: FetchFunction) => clientOf({ fetch });
const adapted = (error: Error) => clientOf({ adapter: () => Promise.reject(error) });

const breaking = (error: unknown) => new ReadableStream({ pull: (controller) => controller.error(error) });
const response = { status: 201, statusText: 'Created', headers: {}, data: '' };
const sent = (cause: Error) => new TransportError(cause.message, { code: 'X', isSent: true, cause });

const KNOWN: ReadonlyArray<readonly [string, (error: Error) => ReturnType<typeof clientOf>]> = [
  [
    'fetch, whose reply had begun',
    (error) => fetched(async () => new Response(breaking(error), { status: 201 })),
  ],
  ['fetch that knows that it sent', (error) => fetched(() => Promise.reject(sent(error)))],
  ['an adapter that reports the reply', (error) => adapted(Object.assign(error, { response }))],
  [
    'an adapter that reports the reply as axios does',
    (error) => adapted(Object.assign(error, { isAxiosError: true, response })),
  ],
  [
    'an adapter that holds the reply of Node',
    (error) => adapted(Object.assign(error, { isAxiosError: true, request: { res: { statusCode: 201 } } })),
  ],
  ['an adapter that wraps it', (error) => adapted(new Error('Network Error', { cause: sent(error) }))],
  ['an adapter that knows that it sent', (error) => adapted(sent(error))],
];

const DOORS: ReadonlyArray<readonly [string, (error: Error) => ReturnType<typeof clientOf>]> = [
  ['fetch', (error) => fetched(() => Promise.reject(error))],
  ['an adapter', adapted],
];

describe.each(WORDS)('a request that is lost with %s', (_words, error) => {
  it.each(KNOWN)('was sent, by %s', async (_door, client) => {
    const failure = await failureOf(client(error()).createJob(create));
    expect(failure.delivery).toBe('unknown');
    expect(failure.advice).not.toContain('nothing was sent');
    expect(failure.speaker).not.toBe('proxy');
  });

  it.each(DOORS)('was not sent, where %s knows no more', async (_door, client) => {
    expect(await failureOf(client(error()).createJob(create))).toMatchObject({ delivery: 'not-sent' });
  });
});

describe('a request whose reply had begun', () => {
  it('was sent, whatever an error of ours in its body says', async () => {
    const own = new GoalLaneError({ kind: 'network', message: 'x', advice: '', delivery: 'not-sent' });
    const client = fetched(async () => new Response(breaking(own), { status: 201 }));
    expect(await failureOf(client.createJob(create))).toMatchObject({ delivery: 'unknown' });
  });

  it('is not reported as a result if none was requested', async () => {
    const client = fetched(async () => new Response(breaking(coded('ECONNREFUSED'))));
    const { chunks } = await client.fetchResult({ url: 'http://127.0.0.1:9/result' });
    const read = async () => {
      for await (const _chunk of chunks);
    };
    expect(await failureOf(read())).toMatchObject({ kind: 'network', delivery: 'unknown' });
  });

  it('is read again no sooner than one that was sent', async () => {
    const client = fetched(async () => new Response(breaking(coded('ECONNREFUSED'))));
    expect(await failureOf(client.getStatus({ jobSpecId: 'job_1' }))).toMatchObject({ delivery: 'unknown' });
  });

  it('is sent to the server once', async () => {
    const emulator = await startEmulator({ speed: 50 });
    const fetch: FetchFunction = async (url, init) => {
      const reply = await globalThis.fetch(url, init);
      if (init.method !== 'POST' || !url.endsWith('/jobs/goal')) return reply;
      await reply.text();
      return new Response(breaking(coded('ECONNREFUSED')), { status: reply.status, headers: reply.headers });
    };
    const job = runBrowserJob({
      client: { apiKey: emulator.apiKey, baseUrl: emulator.baseUrl, fetch },
      job: {
        workflowId: 'goal_lane.media_archive',
        files: { 'a.txt': new Blob(['x']) },
        onUnknownOutcome: 'fail',
      },
    });
    const outcome = await job.result();
    const creates = emulator.log.filter(({ endpoint }) => endpoint === 'create');
    await emulator.close();
    expect(outcome).toMatchObject({ failure: { kind: 'outcome-unknown' } });
    expect(creates.map(({ status }) => status)).toEqual([201]);
  });
});
