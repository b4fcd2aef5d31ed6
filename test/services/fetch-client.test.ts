import { afterEach, describe, expect, it } from 'vitest';
import { createGoalClient, type FetchFunction, isGoalLaneError } from '../../src/services/index.js';
import { failureOf } from '../support/failure-of.js';
import { json, serve, type TestServer } from '../support/http-server.js';

const KEY = 'key-0123456789abcdef';
const job = { jobSpecId: 'job_1' };
const create = { workflowId: 'w', fileIds: ['f'] };

const clientOf = (fetch: FetchFunction, more: object = {}) =>
  createGoalClient({ apiKey: KEY, baseUrl: 'http://127.0.0.1:9/api/v1', fetch, ...more });

const said = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });

/** A reply of a platform that shows more than the constructor may set. */
const shownAs = (response: Response, facts: object): Response =>
  new Proxy(response, {
    get(target, name) {
      if (name in facts) return Reflect.get(facts, name);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

describe('a client on fetch', () => {
  const servers: TestServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  it('calls it without `this`, once, with the key in a header and manual redirects', async () => {
    const calls: Array<{ self: unknown; url: string; init: RequestInit }> = [];
    async function fetch(this: unknown, url: string, init: RequestInit): Promise<Response> {
      calls.push({ self: this, url, init });
      return said(200, { status: 'executing' });
    }
    await clientOf(fetch).getStatus(job);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      self: undefined,
      url: 'http://127.0.0.1:9/api/v1/jobs/goal/job_1/status',
      init: { method: 'GET', redirect: 'manual', headers: { Authorization: `Bearer ${KEY}` } },
    });
    expect(calls[0]?.url).not.toContain(KEY);
  });

  it.each([
    ['was followed to another origin', { redirected: true, url: 'http://127.0.0.1:10/elsewhere' }],
    ['was followed within the origin', { redirected: true }],
    ['was followed by one that does not say so', { url: 'http://127.0.0.1:10/elsewhere' }],
    ['may not be seen by a page', { type: 'opaqueredirect', status: 0 }],
  ])('believes nothing that came of a redirect which %s', async (_words, facts) => {
    const reply = () => shownAs(said(200, { jobSpecId: 'job_2', itemVersion: 1, slots: [] }), facts);
    const failure = await failureOf(clientOf(async () => reply()).createJob(create));
    expect(failure).toMatchObject({ kind: 'network', delivery: 'unknown' });
    expect(failure.message).toContain('redirect');
  });

  it.each([
    [
      'a redirect that a page may not see',
      { type: 'opaqueredirect', status: 0 },
      /was answered, but with a redirect that is not followed/,
      /base URL/,
    ],
    [
      'a reply that a page may not see',
      { type: 'opaque', status: 0 },
      /was answered, but this page may not see the reply/,
      /Access-Control-Allow-Origin/,
    ],
  ])('says that %s was an answer, and what to do', async (_words, facts, message, advice) => {
    const client = clientOf(async () => shownAs(said(200, {}), facts));
    for (const failure of [await failureOf(client.createJob(create)), await failureOf(client.getStatus(job))])
      expect(failure).toMatchObject({
        kind: 'network',
        delivery: 'unknown',
        speaker: 'unknown',
        message: expect.stringMatching(message),
        advice: expect.stringMatching(advice),
      });
  });

  it('says of a body that is broken by an error with a code that it broke off', async () => {
    const lost = Object.assign(new TypeError('terminated'), {
      cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
    });
    const text = new TextEncoder().encode('{"status":');
    const body = () =>
      new ReadableStream({
        start: (controller) => controller.enqueue(text),
        pull: (controller) => controller.error(lost),
      });
    const failure = await failureOf(clientOf(async () => new Response(body())).createJob(create));
    expect(failure).toMatchObject({ kind: 'bad-response', delivery: 'unknown' });
    expect(failure.message).toContain('got a reply that broke off');
    expect(failure.message).not.toContain('no reply');
  });

  it('says that it does not know what became of a create whose fetch threw', async () => {
    const thrown = () => Promise.reject(new TypeError('Failed to fetch'));
    expect(await failureOf(clientOf(thrown).createJob(create))).toMatchObject({ delivery: 'unknown' });
  });

  it.each([
    [
      'Node',
      new TypeError('fetch failed', {
        cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED', syscall: 'connect' }),
      }),
    ],
    [
      'Bun',
      Object.assign(new Error('Unable to connect. Is the computer able to access the url?'), {
        code: 'ConnectionRefused',
      }),
    ],
    [
      'Deno',
      new TypeError(
        'error sending request for url (http://127.0.0.1:9/): client error (Connect): tcp connect error: Connection refused (os error 111)',
      ),
    ],
  ])('knows that nothing left where %s says that no connection stood', async (_platform, error) => {
    const failure = await failureOf(clientOf(() => Promise.reject(error)).createJob(create));
    expect(failure).toMatchObject({ kind: 'network', delivery: 'not-sent' });
  });

  it('ends with its signal and its time where the function looks at neither', async () => {
    const never: FetchFunction = () => new Promise(() => undefined);
    const controller = new AbortController();
    const asking = failureOf(clientOf(never).getStatus(job, { signal: controller.signal }));
    controller.abort();
    expect(await asking).toMatchObject({ kind: 'aborted', delivery: 'unknown' });
    const late = await failureOf(clientOf(never, { requestTimeoutMs: 30 }).createJob(create));
    expect(late).toMatchObject({ kind: 'network', delivery: 'unknown' });
  });

  it('ends while a body is read whose stream ignores both, and releases it', async () => {
    let isLetGo = false;
    const body = new ReadableStream({
      cancel() {
        isLetGo = true;
      },
    });
    const late = await failureOf(
      clientOf(async () => new Response(body), { requestTimeoutMs: 30 }).getStatus(job),
    );
    expect(late).toMatchObject({ kind: 'network', delivery: 'unknown' });
    expect(isLetGo).toBe(true);
  });

  it('sends nothing that was aborted before', async () => {
    let calls = 0;
    const client = clientOf(async () => {
      calls += 1;
      return said(200, {});
    });
    const failure = await failureOf(client.createJob(create, { signal: AbortSignal.abort() }));
    expect(failure).toMatchObject({ kind: 'aborted', delivery: 'not-sent' });
    expect(calls).toBe(0);
  });

  it('hears a refusal whose body broke off as the refusal that it is', async () => {
    const body = new ReadableStream({
      pull: (controller) => controller.error(new Error('terminated')),
    });
    const failure = await failureOf(
      clientOf(async () => new Response(body, { status: 503 })).createJob(create),
    );
    expect(failure).toMatchObject({ kind: 'server', status: 503, delivery: 'unknown' });
  });

  it('reads text results that a page sees without their coding, though their length is another', async () => {
    const text = 'name,place\n'.repeat(100);
    const reply = new Response(text, { headers: { 'Content-Type': 'text/csv', 'Content-Length': '40' } });
    const client = clientOf(async () => shownAs(reply, { type: 'cors' }));
    const { chunks } = await client.fetchResult({ url: 'http://127.0.0.1:9/result' });
    let bytes = 0;
    for await (const chunk of chunks) bytes += chunk.byteLength;
    expect(bytes).toBe(text.length);
  });

  it('refuses what is no function before anything is sent', () => {
    const wrong: object = { fetch: 'fetch' };
    const make = (): unknown => createGoalClient({ apiKey: KEY, ...wrong });
    expect(make).toThrowError(expect.objectContaining({ kind: 'invalid-input' }));
    try {
      make();
    } catch (error) {
      expect(isGoalLaneError(error)).toBe(true);
    }
  });

  it('goes through the platform’s own against a server, and never shows the key to where a redirect leads', async () => {
    const other = await serve((_, response) => json(response, 200, { status: 'completed' }));
    const api = await serve((_, response) => {
      response.writeHead(307, { Location: `${other.url}/x` }).end();
    });
    servers.push(other, api);
    const client = createGoalClient({ apiKey: KEY, baseUrl: api.url, fetch: globalThis.fetch });
    expect(await failureOf(client.createJob(create))).toMatchObject({ status: 307, delivery: 'unknown' });
    expect(await failureOf(client.getStatus(job))).toMatchObject({ status: 307 });
    expect(other.seen).toEqual([]);
  });
});
