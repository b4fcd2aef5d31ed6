import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxiosHeaders } from 'axios';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodeClient, createNodeTransport } from '../../../../src/adapters/node/index.js';
import { DiskBody } from '../../../../src/adapters/node/uploads/disk-body.js';
import { openDiskFile } from '../../../../src/adapters/node/uploads/open-disk-file.js';
import { createGoalClient, type GoalClient } from '../../../../src/services/index.js';
import { failureOf } from '../../../support/failure-of.js';
import { type Handler, json, serve, type TestServer } from '../../../support/http-server.js';

const KEY = 'key-0123456789abcdef';
const MB = 1024 * 1024;
let dir = '';
let path = '';
let handler: Handler;
let server: TestServer;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'goal-lane-early-'));
  path = join(dir, 'big.bin');
  // More than sockets hold, so that it is still being sent when the answer comes.
  await writeFile(path, randomBytes(40 * MB));
  server = await serve((...about) => handler(...about), { readsBody: false });
});

afterEach(async () => {
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

const clients: ReadonlyArray<[string, () => GoalClient]> = [
  ['the transport of Node', () => createNodeClient({ apiKey: KEY, baseUrl: server.url })],
  ['axios’s own', () => createGoalClient({ apiKey: KEY, baseUrl: server.url, openFile: openDiskFile })],
];

describe.each(clients)('an answer before the upload is through, over %s', (_name, clientOf) => {
  const reported: number[] = [];

  async function upload(client = clientOf()) {
    reported.length = 0;
    const { size } = await stat(path);
    const onProgress = ({ sentBytes }: { sentBytes: number }): void => void reported.push(sentBytes);
    try {
      return await client.uploadFile(
        { file: { handle: path, name: 'big.bin', bytes: size } },
        { onProgress },
      );
    } finally {
      client.close();
    }
  }

  it.each([200, 201, 202])('%i is no upload, whatever id it carries', async (status) => {
    handler = (_request, response, raw) => {
      raw.once('data', () => raw.pause());
      json(response, status, { file_id: 'file_1' });
    };
    const failure = await failureOf(upload());
    expect(failure).toMatchObject({ kind: 'bad-response', delivery: 'unknown', path: '/upload' });
    expect(failure.message).toContain('before the file was through');
    expect(reported.at(-1) ?? 0).toBeLessThan(40 * MB);
  });

  it('200 is one where all of it was read', async () => {
    handler = async (_request, response, raw) => {
      for await (const _chunk of raw);
      json(response, 200, { file_id: 'file_1' });
    };
    expect(await upload()).toEqual({ fileId: 'file_1' });
    expect(reported.at(-1)).toBe(40 * MB);
  });

  it.each([413, 422, 401, 429])('%i is reported, and nothing continues in the background', async (status) => {
    handler = (_request, response, raw) => {
      raw.once('data', () => raw.pause());
      json(response, status, { error: 'refused', message: 'at most 10 MB' });
    };
    expect(await failureOf(upload())).toMatchObject({ status, serverError: 'refused' });
    const seen = reported.at(-1) ?? 0;
    expect(seen).toBeLessThan(40 * MB);
  });
});

it('a refusal is reported although the server closes the connection at once, time after time', async () => {
  handler = (_request, _response, raw) => {
    raw.once('data', () => {
      const body = '{"error":"too_large"}';
      raw.socket.end(
        `HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        () => raw.socket.destroy(),
      );
    });
  };
  const client = createNodeClient({ apiKey: KEY, baseUrl: server.url });
  const file = { handle: path, name: 'big.bin', bytes: 40 * MB };
  const outcomes: unknown[] = [];
  for (let n = 0; n < 30; n += 1) outcomes.push((await failureOf(client.uploadFile({ file }))).status);
  client.close();
  expect(outcomes).toEqual(Array(30).fill(413));
});

it('sends the right bytes although the buffer of short chunks is filled again', async () => {
  const received: Buffer[] = [];
  handler = async (_request, response, raw) => {
    raw.pause();
    await new Promise((resolve) => setTimeout(resolve, 100));
    for await (const chunk of raw) received.push(chunk);
    response.end('{}');
  };
  const one = Buffer.alloc(1_000);
  async function* parts(): AsyncGenerator<Buffer> {
    for (let n = 0; n < 20_000; n += 1) yield one.fill(n % 251);
  }
  const transport = createNodeTransport({});
  const headers = new AxiosHeaders();
  const data = new DiskBody(parts);
  await transport.adapter({ url: `${server.url}/upload`, method: 'post', headers, data });
  transport.close();
  const bytes = Buffer.concat(received);
  expect(bytes).toHaveLength(20_000_000);
  const wrong = bytes.findIndex((byte, at) => byte !== Math.floor(at / 1_000) % 251);
  expect(wrong).toBe(-1);
});

it('holds the file back while the server does not read', async () => {
  let release: (() => void) | undefined;
  handler = async (_request, response, raw) => {
    raw.pause();
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    for await (const _chunk of raw);
    json(response, 200, { file_id: 'file_1' });
  };
  const reported: number[] = [];
  const client = createNodeClient({ apiKey: KEY, baseUrl: server.url });
  const file = { handle: path, name: 'big.bin', bytes: 40 * MB };
  const uploaded = client.uploadFile(
    { file },
    { onProgress: ({ sentBytes }) => void reported.push(sentBytes) },
  );
  await expect.poll(() => reported.length > 0 && release !== undefined).toBe(true);
  const before = reported.at(-1);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(reported.at(-1) ?? 0).toBeLessThan(30 * MB);
  release?.();
  expect(await uploaded).toEqual({ fileId: 'file_1' });
  expect(before).toBeLessThan(30 * MB);
  client.close();
});
