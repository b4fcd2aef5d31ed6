import { afterEach, describe, expect, it } from 'vitest';
import { createNodeTransport } from '../../../../src/adapters/node/index.js';
import { createGoalClient, type GoalClient } from '../../../../src/services/index.js';
import { failureOf } from '../../../support/failure-of.js';
import { json, serve } from '../../../support/http-server.js';
import { type ConnectProxy, type ProxyManners, serveProxy } from './connect-proxy.js';

const KEY = 'key-0123456789abcdef';
const job = { jobSpecId: 'job_1' };
const open: Array<{ close(): unknown }> = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function site(manners: ProxyManners = {}) {
  const server = await serve((_request, response) =>
    json(response, 200, { status: 'executing', progress: 45 }),
  );
  const proxy = await serveProxy(server.port, manners);
  open.push(server, proxy);
  return { server, proxy };
}

function clientOf(baseUrl: string, env: Record<string, string>, requestTimeoutMs = 5_000): GoalClient {
  const client = createGoalClient({
    apiKey: KEY,
    baseUrl,
    transport: createNodeTransport(env),
    requestTimeoutMs,
  });
  open.push(client);
  return client;
}

const everyProxy = ({ url }: ConnectProxy): Record<string, string> => ({
  HTTP_PROXY: url,
  HTTPS_PROXY: url,
  ALL_PROXY: url,
  http_proxy: url,
});

describe('what a proxy says to CONNECT', () => {
  it.each([
    ['407', 407, /user and password/],
    ['403', 403, /NO_PROXY/],
    ['502', 502, /cannot reach/],
    ['503', 503, /cannot reach/],
    ['silence', undefined, /within 200 ms: nothing was sent/],
  ])('%s is its word, not that of the API, which has seen nothing', async (_name, status, cure) => {
    const manners = status === undefined ? { isDeaf: true } : { refuses: status };
    const { server, proxy } = await site(manners);
    const ms = status === undefined ? 200 : 5_000;
    const client = clientOf('https://api.goal-lane.test/api/v1', { HTTPS_PROXY: proxy.url }, ms);
    const create = () => client.createJob({ workflowId: 'w', fileIds: ['f'] });
    for (const call of [() => client.getStatus(job), create]) {
      const failure = await failureOf(call());
      expect(failure).toMatchObject({ kind: 'network', delivery: 'not-sent' });
      expect(`${failure.message} ${failure.advice}`).toMatch(cure);
      expect(failure.status).toBe(status);
      if (manners.refuses === undefined) continue;
      expect(failure).toMatchObject({ speaker: 'proxy' });
      expect(failure.message).toContain(`the proxy answered ${status}`);
    }
    expect(proxy.tunnels).toEqual(['api.goal-lane.test:443', 'api.goal-lane.test:443']);
    expect(server.seen).toEqual([]);
  });

  it('of storage is reported with its sender too', async () => {
    const { proxy } = await site({ refuses: 403 });
    const client = clientOf('https://api.goal-lane.test', { HTTPS_PROXY: proxy.url });
    expect(
      await failureOf(client.fetchResult({ url: 'https://storage.goal-lane.test/b/x.zip?sig=secret-123' })),
    ).toMatchObject({
      kind: 'network',
      delivery: 'not-sent',
      speaker: 'proxy',
      path: '/…/x.zip',
    });
  });

  it('never shows its user and password, nor the key, and they reach it alone', async () => {
    const { proxy } = await site({ refuses: 407 });
    const withUser = proxy.url.replace('http://', 'http://us%40er:pass-w0rd@');
    const failure = await failureOf(
      clientOf('https://api.goal-lane.test', { HTTPS_PROXY: withUser }).getStatus(job),
    );
    expect(JSON.stringify(failure)).not.toMatch(/pass-w0rd|us@er/);
    const [asked] = proxy.forwarded;
    expect(asked?.headers['proxy-authorization']).toBe(
      `Basic ${Buffer.from('us@er:pass-w0rd').toString('base64')}`,
    );
    expect(JSON.stringify(asked)).not.toContain(KEY);
  });

  it('a proxy that is not there is a connection that never stood', async () => {
    const { proxy } = await site();
    await proxy.close();
    open.splice(open.indexOf(proxy), 1);
    const failure = await failureOf(
      clientOf('https://api.goal-lane.test', { HTTPS_PROXY: proxy.url }).getStatus(job),
    );
    expect(failure).toMatchObject({ kind: 'network', delivery: 'not-sent' });
    expect(failure.message).toContain('ECONNREFUSED');
  });

  it.each(['socks5://127.0.0.1:1080', '::::'])(
    '%s is no proxy that is known: nothing is sent around it',
    async (named) => {
      const { server } = await site();
      const failure = await failureOf(
        clientOf(`http://goal-lane.test:${server.port}`, { ALL_PROXY: named }).getStatus(job),
      );
      expect(failure).toMatchObject({ kind: 'network', delivery: 'not-sent' });
      expect(failure.message).toContain('ALL_PROXY');
    },
  );
});

describe('plain http through a proxy', () => {
  it('is handed to it as it is, on a kept connection', async () => {
    const { server, proxy } = await site();
    const client = clientOf('http://api.goal-lane.test:8080/api/v1', { HTTP_PROXY: proxy.url });
    for (let n = 0; n < 5; n += 1) expect(await client.getStatus(job)).toMatchObject({ progress: 45 });
    expect(proxy.tunnels).toEqual([]);
    expect(proxy.forwarded[0]?.url).toBe('http://api.goal-lane.test:8080/api/v1/jobs/goal/job_1/status');
    expect(proxy.forwarded[0]?.headers.host).toBe('api.goal-lane.test:8080');
    expect(proxy.connections()).toBe(1);
    expect(server.seen).toHaveLength(5);
  });

  it('a 407 is the proxy’s word, and nothing was sent', async () => {
    const { proxy } = await site({ refuses: 407 });
    const client = clientOf('http://api.goal-lane.test', { HTTP_PROXY: proxy.url });
    expect(await failureOf(client.createJob({ workflowId: 'w', fileIds: ['f'] }))).toMatchObject({
      kind: 'network',
      delivery: 'not-sent',
      speaker: 'proxy',
    });
  });
});

describe('a loopback address', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['localhost', '127.0.0.1'],
    ['127.1.2.3', '127.1.2.3'],
    ['[::1]', '::1'],
  ])('%s has no proxy, neither as the API nor as storage', async (name) => {
    const { proxy } = await site();
    const host = name === '[::1]' ? '::1' : name === 'localhost' ? '127.0.0.1' : name;
    const server = await serve(
      (_request, response) => json(response, 200, { status: 'executing', progress: 45 }),
      {
        host,
      },
    );
    open.push(server);
    const origin = `http://${name}:${server.port}`;
    const client = clientOf(origin, everyProxy(proxy));
    expect(await client.getStatus(job)).toMatchObject({ progress: 45 });
    const { chunks } = await client.fetchResult({ url: `${origin}/output.zip` });
    for await (const chunk of chunks) expect(chunk.length).toBeGreaterThan(0);
    expect(server.seen).toHaveLength(2);
    expect(proxy.connections()).toBe(0);
  });

  it('has none with axios’s own transport either', async () => {
    const { server, proxy } = await site();
    const before = { ...process.env };
    Object.assign(process.env, everyProxy(proxy));
    try {
      const client = createGoalClient({ apiKey: KEY, baseUrl: server.url });
      expect(await client.getStatus(job)).toMatchObject({ progress: 45 });
      const { chunks } = await client.fetchResult({ url: `${server.url}/output.zip` });
      for await (const chunk of chunks) expect(chunk.length).toBeGreaterThan(0);
    } finally {
      process.env = before;
    }
    expect(server.seen).toHaveLength(2);
    expect(proxy.connections()).toBe(0);
  });
});
