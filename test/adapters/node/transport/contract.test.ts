import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../../../support/failure-of.js';
import { json, serve } from '../../../support/http-server.js';
import { KEY, TRANSPORTS } from './transports.js';

const job = { jobSpecId: 'job_1' };

describe.each(TRANSPORTS)('the transport %s', (name, clientOf) => {
  const isTheHosts = name === 'a host’s, on fetch';
  const open: Array<{ close?(): unknown }> = [];
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'goal-lane-contract-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close?.();
  });

  async function against(...[handler, options]: Parameters<typeof serve>) {
    const server = await serve(handler, options);
    const client = clientOf(server);
    open.push(server, client);
    return { server, client };
  }

  it('sends a GET with the key, and gives its reply', async () => {
    const { client, server } = await against((_, response) =>
      json(response, 200, { status: 'executing', progress: 45 }),
    );
    expect(await client.getStatus(job)).toMatchObject({ status: 'executing', progress: 45 });
    expect(server.seen[0]).toMatchObject({ method: 'GET', headers: { authorization: `Bearer ${KEY}` } });
  });

  it('sends JSON as it is, once', async () => {
    const { client, server } = await against((_, response) => json(response, 503, { error: 'busy' }));
    const failure = await failureOf(client.createJob({ workflowId: 'w', fileIds: ['f'] }));
    expect(failure).toMatchObject({ status: 503, delivery: 'unknown' });
    expect(server.seen).toHaveLength(1);
    expect(JSON.parse(server.seen[0]?.body ?? '')).toMatchObject({ workflowId: 'w' });
  });

  it('gives a refusal with its words, its status and its limits', async () => {
    const { client } = await against((_, response) =>
      json(response, 429, { error: 'slow down' }, { 'Retry-After': '7' }),
    );
    expect(await failureOf(client.getStatus(job))).toMatchObject({ kind: 'rate-limited', status: 429 });
  });

  it('follows no redirect to another origin with the key', async () => {
    const other = await serve((_, response) => json(response, 200, { status: 'completed' }));
    open.push(other);
    const { client } = await against((_, response) => {
      response.writeHead(302, { Location: `${other.url}/x` }).end();
    });
    expect(await failureOf(client.getStatus(job))).toBeDefined();
    expect(other.seen).toHaveLength(0);
  });

  it('a reply that is cut is one that broke off, and not none', async () => {
    const { client } = await against((_, response) => {
      response.writeHead(200, { 'Content-Length': '500' }).write('{"status":');
      setTimeout(() => response.destroy(), 20);
    });
    const failure = await failureOf(client.getStatus(job));
    expect(failure).toMatchObject({ kind: isTheHosts ? 'network' : 'bad-response', delivery: 'unknown' });
    // A host's own adapter that rejects with what its fetch threw does not say that a reply had begun.
    if (!isTheHosts) expect(failure.message).toMatch(/got a reply that broke off/);
  });

  it('a connection that is reset within a reply is one too', async () => {
    const { client } = await against((_, response) => {
      response.writeHead(200, { 'Transfer-Encoding': 'chunked' }).write('{"status":');
      setTimeout(() => response.socket?.resetAndDestroy(), 20);
    });
    const failure = await failureOf(client.getStatus(job));
    expect(failure).toMatchObject({ kind: isTheHosts ? 'network' : 'bad-response', delivery: 'unknown' });
    if (!isTheHosts) expect(failure.message).toMatch(/got a reply that broke off/);
  });

  it('a server that is not there got nothing', async () => {
    const { client, server } = await against(() => undefined);
    await server.close();
    const failure = await failureOf(client.createJob({ workflowId: 'w', fileIds: ['f'] }));
    expect(failure).toMatchObject({ kind: 'network' });
  });

  it('an abort ends a request that is on its way', async () => {
    let closed = 0;
    const { client, server } = await against((_, response) => {
      response.on('close', () => {
        closed += 1;
      });
    });
    const controller = new AbortController();
    const asking = client.getStatus(job, { signal: controller.signal });
    await expect.poll(() => server.seen.length).toBe(1);
    controller.abort();
    expect(await failureOf(asking)).toMatchObject({ kind: 'aborted' });
    await expect.poll(() => closed).toBe(1);
  });

  it('uploads a file whole', async () => {
    const path = join(dir, 'large.bin');
    const content = 'goal-lane '.repeat(300_000);
    await writeFile(path, content);
    const { client, server } = await against((_, response) => json(response, 200, { file_id: 'file_1' }));
    const file = { handle: path, name: 'large.bin', bytes: content.length };
    await client.uploadFile({ file });
    const [request] = server.seen;
    expect(request?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(request?.body.includes(content)).toBe(true);
  });

  it('fetches a result without the key, whole', async () => {
    const content = Buffer.alloc(3_000_000, 'goal-lane ');
    const { client, server } = await against((_, response) => {
      response.writeHead(200, { 'Content-Length': String(content.length) }).end(content);
    });
    const { chunks, totalBytes } = await client.fetchResult({ url: `${server.url}/result?sig=1` });
    const got: Buffer[] = [];
    for await (const chunk of chunks) got.push(Buffer.from(chunk));
    expect(totalBytes).toBe(content.length);
    expect(Buffer.concat(got).equals(content)).toBe(true);
    expect(server.seen[0]?.headers.authorization).toBeUndefined();
  });

  it.each([['known'], ['unknown']])('a result of %s length that is cut says so', async (length) => {
    const { client, server } = await against((_, response) => {
      response.writeHead(200, length === 'known' ? { 'Content-Length': '5000000' } : {});
      response.write(Buffer.alloc(1_000_000));
      setTimeout(() => response.destroy(), 50);
    });
    const { chunks } = await client.fetchResult({ url: `${server.url}/result` });
    let bytes = 0;
    const reading = (async () => {
      for await (const chunk of chunks) bytes += chunk.byteLength;
    })();
    expect(await failureOf(reading)).toMatchObject({ kind: 'network', delivery: 'unknown' });
    expect(bytes).toBeLessThanOrEqual(1_000_000);
  });

  it('a result whose reader stops is released', async () => {
    let closed = 0;
    const { client, server } = await against((_, response) => {
      response.on('close', () => {
        closed += 1;
      });
      response.writeHead(200, { 'Content-Length': '50000000' }).write(Buffer.alloc(1_000_000));
    });
    const { chunks } = await client.fetchResult({ url: `${server.url}/result` });
    for await (const _chunk of chunks) break;
    await expect.poll(() => closed).toBe(1);
  });
});
