import { deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { blobUploadBody } from '../../../../src/services/index.js';
import { failureOf } from '../../../support/failure-of.js';
import { json, serve } from '../../../support/http-server.js';
import { KEY, TRANSPORTS } from './transports.js';

const job = { jobSpecId: 'job_1' };
const create = { workflowId: 'w', fileIds: ['f'] };
const RESULT = Buffer.from('goal-lane '.repeat(5_000));

describe.each(TRANSPORTS)('replies and limits by the transport %s', (_name, clientOf) => {
  const open: Array<{ close?(): unknown }> = [];
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close?.();
  });

  async function against(handler: Parameters<typeof serve>[0], options: Parameters<typeof clientOf>[1] = {}) {
    const server = await serve(handler);
    const client = clientOf(server, options);
    open.push(server, client);
    return { server, client };
  }

  async function bytesOf({ chunks }: { readonly chunks: AsyncIterable<Uint8Array> }): Promise<Buffer> {
    const got: Buffer[] = [];
    for await (const chunk of chunks) got.push(Buffer.from(chunk));
    return Buffer.concat(got);
  }

  it('follows a redirect of a GET within the origin, with the key', async () => {
    const { client, server } = await against(({ path }, response) => {
      if (path.startsWith('/moved')) {
        json(response, 200, { status: 'executing' });
        return;
      }
      response.writeHead(307, { Location: '/moved' }).end();
    });
    expect(await client.getStatus(job)).toMatchObject({ status: 'executing' });
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${KEY}`,
      `Bearer ${KEY}`,
    ]);
  });

  it.each([301, 302, 303, 307, 308])(
    'follows no %i of a create, and does not know what became of it',
    async (status) => {
      const { client, server } = await against((_, response) => {
        response.writeHead(status, { Location: '/elsewhere' }).end();
      });
      expect(await failureOf(client.createJob(create))).toMatchObject({ status, delivery: 'unknown' });
      expect(server.seen).toHaveLength(1);
    },
  );

  it('knows that a server which is not there got no create, and not what one did that hung up', async () => {
    const { client, server } = await against((_, response) => {
      response.destroy();
    });
    expect(await failureOf(client.createJob(create))).toMatchObject({ kind: 'network', delivery: 'unknown' });
    await server.close();
    expect(await failureOf(client.createJob(create))).toMatchObject({
      kind: 'network',
      delivery: 'not-sent',
    });
    expect(server.seen).toHaveLength(1);
  });

  it('gives up a reply without an end when its time is over', async () => {
    const { client } = await against(
      (_, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json' }).write('{"status":');
      },
      { requestTimeoutMs: 150 },
    );
    const failure = await failureOf(client.getStatus(job));
    expect(failure).toMatchObject({ kind: 'network', delivery: 'unknown' });
    expect(failure.message).toContain('150 ms');
  });

  it('ends in the middle of a body when it is aborted', async () => {
    let closed = 0;
    const { client, server } = await against((_, response) => {
      response.on('close', () => {
        closed += 1;
      });
      response.writeHead(200, { 'Content-Length': '5000000' }).write(Buffer.alloc(100_000));
    });
    const controller = new AbortController();
    const { signal } = controller;
    const asking = failureOf(client.getStatus(job, { signal }));
    const { chunks } = await client.fetchResult({ url: `${server.url}/result` }, { signal });
    const reading = failureOf(bytesOf({ chunks }));
    setTimeout(() => controller.abort(), 50);
    expect(await asking).toMatchObject({ kind: 'aborted' });
    expect(await reading).toMatchObject({ kind: 'aborted' });
    await expect.poll(() => closed).toBe(2);
  });

  it('uploads one Blob with its own type and its length', async () => {
    const { client, server } = await against((_, response) => json(response, 200, { file_id: 'file_1' }));
    const blob = new Blob(['what is in it']);
    const file = { handle: 'cv', name: 'a "b".pdf', bytes: blob.size };
    await client.uploadFile({ file, open: async () => blobUploadBody(blob, file.name) });
    const [request] = server.seen;
    expect(request?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=goal-lane-[0-9a-f]+$/);
    expect(Number(request?.headers['content-length'])).toBe(request?.body.length);
    expect(request?.body).toContain('filename="a %22b%22.pdf"');
    expect(request?.body).toContain('what is in it');
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ])('reads what comes in %s: a reply, and a result', async (coding, code) => {
    const { client, server } = await against(({ path }, response) => {
      const body = code(path.startsWith('/result') ? RESULT : '{"status":"executing"}');
      response
        .writeHead(200, { 'Content-Encoding': coding, 'Content-Length': String(body.length) })
        .end(body);
    });
    expect(await client.getStatus(job)).toMatchObject({ status: 'executing' });
    expect((await bytesOf(await client.fetchResult({ url: `${server.url}/result` }))).equals(RESULT)).toBe(
      true,
    );
  });

  it('takes no coded bytes for a result if the coding cannot be decoded', async () => {
    const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x00, 0x09, 0x00, 0x00, 0x61]);
    const { client, server } = await against((_, response) => {
      response
        .writeHead(200, { 'Content-Encoding': 'zstd', 'Content-Length': String(frame.length) })
        .end(frame);
    });
    const reading = (async () => bytesOf(await client.fetchResult({ url: `${server.url}/result` })))();
    expect(await failureOf(reading)).toMatchObject({ kind: 'bad-response' });
  });

  it('reports the sender', async () => {
    const { client } = await against((_, response) => {
      response.writeHead(403, {
        'Content-Type': 'text/html',
        Server: 'cloudflare',
        'CF-Mitigated': 'challenge',
      });
      response.end('<!doctype html><title>Just a moment...</title>');
    });
    expect(await failureOf(client.createJob(create))).toMatchObject({ speaker: 'cdn', delivery: 'unknown' });
  });

  it('sends nothing under a limit that is shut', async () => {
    const { client, server } = await against((_, response) =>
      json(
        response,
        429,
        { error: 'rate_limited', code: 429 },
        { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': String(Math.ceil(Date.now() / 1_000) + 60) },
      ),
    );
    expect(await failureOf(client.getStatus(job))).toMatchObject({
      kind: 'rate-limited',
      delivery: 'refused',
    });
    expect(await failureOf(client.getStatus(job))).toMatchObject({
      kind: 'rate-limited',
      delivery: 'not-sent',
    });
    expect(server.seen).toHaveLength(1);
  });

  it('follows a redirect of storage, and asks about each of its URLs', async () => {
    const asked: string[] = [];
    const { client, server } = await against(
      ({ path }, response) => {
        if (path.startsWith('/moved')) response.end(RESULT);
        else response.writeHead(307, { Location: '/moved' }).end();
      },
      { allowUrl: ({ pathname }) => asked.push(pathname) > 0 },
    );
    expect((await bytesOf(await client.fetchResult({ url: `${server.url}/result` }))).equals(RESULT)).toBe(
      true,
    );
    expect(asked).toEqual(['/result', '/moved']);
  });
});

const BOUNDED = TRANSPORTS.filter(([name]) => name === 'fetch' || name === 'ours');

describe.each(BOUNDED)('a reply without an end by the transport %s', (_name, clientOf) => {
  it('reads no endless reply into memory', async () => {
    const server = await serve((_, response) => {
      const chunk = Buffer.alloc(4 * 1024 * 1024, ' ');
      const more = (): void => {
        if (response.write(chunk)) setImmediate(more);
        else response.once('drain', more);
      };
      response.writeHead(200, { 'Content-Type': 'application/json' });
      more();
    });
    const client = clientOf(server);
    const failure = await failureOf(client.getStatus(job));
    client.close();
    await server.close();
    expect(failure).toMatchObject({ kind: 'bad-response', delivery: 'unknown' });
  });
});
