import { createHash, randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxiosAdapter } from 'axios';
import busboy from 'busboy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodeClient, createNodePorts } from '../../../src/adapters/node/index.js';
import type { FileFacts, UploadProgress } from '../../../src/machines/ports.js';
import { failureOf } from '../../support/failure-of.js';
import { type Handler, json, serve, type TestServer } from '../../support/http-server.js';

interface Received {
  readonly field: string;
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Reads a form as a server does that none of us wrote. */
function receive(raw: IncomingMessage): Promise<Received[]> {
  return new Promise((resolve, reject) => {
    const files: Received[] = [];
    const form = busboy({ headers: raw.headers, defParamCharset: 'utf8' });
    form.on('file', (field, stream, { filename = '' }) => {
      const hash = createHash('sha256');
      let bytes = 0;
      stream.on('data', (chunk: Buffer) => {
        hash.update(chunk);
        bytes += chunk.length;
      });
      stream.on('end', () => files.push({ field, name: filename, bytes, sha256: hash.digest('hex') }));
    });
    form.on('close', () => resolve(files));
    form.on('error', reject);
    raw.on('aborted', () => reject(new Error('aborted')));
    raw.pipe(form);
  });
}

let dir = '';
let path = '';
let content: Buffer;
let received: Received[] = [];
let server: TestServer;
let client: ReturnType<typeof createNodeClient>;
let handler: Handler;

const takesForms: Handler = async (_request, response, raw) => {
  received.push(...(await receive(raw)));
  json(response, 200, { file_id: 'file_1' });
};

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'goal-lane-upload-'));
  path = join(dir, 'cv.pdf');
  content = randomBytes(3_000_000);
  await writeFile(path, content);
  received = [];
  handler = takesForms;
  server = await serve((...about) => handler(...about), { readsBody: false });
  client = createNodeClient({ apiKey: 'key-0123456789abcdef', baseUrl: server.url, stallTimeoutMs: 5_000 });
});

afterEach(async () => {
  client.close();
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

const facts = async (more: Partial<FileFacts> = {}): Promise<FileFacts> => {
  const { size, mtimeMs } = await stat(path);
  return { handle: path, name: 'cv.pdf', bytes: size, modifiedAt: Math.trunc(mtimeMs), ...more };
};

interface UploadMore {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: UploadProgress) => void;
}

const upload = (file: FileFacts, more: UploadMore = {}, using = client) =>
  createNodePorts({ client: using, outDir: dir }).uploadFile(
    { file },
    { signal: new AbortController().signal, jobId: 'a', ...more },
  );

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('uploadFile from disk', () => {
  it('sends the bytes as the field `file`, with their length, and reports progress', async () => {
    const progress: UploadProgress[] = [];
    const uploaded = await upload(await facts(), { onProgress: (step) => void progress.push(step) });
    expect(uploaded).toEqual({ fileId: 'file_1' });
    expect(received).toEqual([{ field: 'file', name: 'cv.pdf', bytes: 3_000_000, sha256: sha256(content) }]);
    const headers = server.seen[0]?.headers;
    expect(Number(headers?.['content-length'])).toBeGreaterThan(3_000_000);
    expect(headers?.['transfer-encoding']).toBeUndefined();
    expect(progress.at(-1)).toEqual({ handle: path, sentBytes: 3_000_000, totalBytes: 3_000_000 });
    const sent = progress.map(({ sentBytes }) => sentBytes);
    expect(sent).toEqual([...new Set(sent)].sort((a, b) => a - b));
  });

  it('sends an empty file', async () => {
    await truncate(path);
    await upload(await facts());
    expect(received).toEqual([{ field: 'file', name: 'cv.pdf', bytes: 0, sha256: sha256(Buffer.alloc(0)) }]);
  });

  it.each([['a "quoted" name.pdf'], ['line\r\nbreak.pdf'], ['Übersicht 汉.pdf'], ['semi;colon=x.pdf']])(
    'sends the name %j as one name',
    async (name) => {
      await upload(await facts({ name }));
      expect(received).toHaveLength(1);
      expect(decodeURIComponent(received[0]?.name ?? '')).toBe(name);
    },
  );

  it('sends each byte once, in order, also where the other side reads in fits and starts', async () => {
    content = randomBytes(20_000_000);
    await writeFile(path, content);
    handler = async (request, response, raw) => {
      const fits = setInterval(() => (raw.isPaused() ? raw.resume() : raw.pause()), 1);
      await takesForms(request, response, raw);
      clearInterval(fits);
    };
    await upload(await facts());
    expect(received[0]?.sha256).toBe(sha256(content));
  });

  it('gives a transport of the host a stream whose chunks may be kept', async () => {
    const kept: Buffer[] = [];
    const adapter: AxiosAdapter = async (config) => {
      for await (const chunk of config.data) kept.push(chunk);
      const data = '{"file_id":"kept"}';
      return { data, status: 200, statusText: 'OK', headers: {}, config };
    };
    const using = createNodeClient({ apiKey: 'key-0123456789abcdef', baseUrl: server.url, adapter });
    expect(await upload(await facts(), {}, using)).toEqual({ fileId: 'kept' });
    const form = Buffer.concat(kept);
    const start = form.indexOf('\r\n\r\n') + 4;
    expect(sha256(form.subarray(start, start + content.length))).toBe(sha256(content));
  });

  it('sends several files at once', async () => {
    const file = await facts();
    await Promise.all([upload(file), upload(file), upload(file)]);
    expect(received.map((one) => one.sha256)).toEqual(Array(3).fill(sha256(content)));
  });
});

describe('a file that is not the one that was checked', () => {
  it('is missing', async () => {
    const file = await facts();
    await rm(path);
    const failure = await failureOf(upload(file));
    expect(failure).toMatchObject({ kind: 'file', findings: [`${path}: it does not exist`] });
  });

  it('has another size', async () => {
    const file = await facts();
    await appendFile(path, 'more');
    const failure = await failureOf(upload(file));
    expect(failure).toMatchObject({ kind: 'file', delivery: 'not-sent' });
    expect(failure.message).toContain('3000000 bytes then, 3000004 bytes now');
  });

  it('was written at another time', async () => {
    const file = await facts();
    await utimes(path, 1_700_000_000, 1_700_000_000);
    const failure = await failureOf(upload(file));
    expect(failure).toMatchObject({ kind: 'file' });
    expect(failure.message).toContain('2023-11-14T22:13:20.000Z now');
    expect(server.seen).toEqual([]);
  });

  it('was only touched: the hash says so', async () => {
    const file = await facts({ sha256: sha256(content) });
    await utimes(path, 1_700_000_000, 1_700_000_000);
    expect(await upload(file)).toEqual({ fileId: 'file_1' });
  });

  it('has other bytes of the same size: the hash says so', async () => {
    const file = await facts({ sha256: sha256(content) });
    await writeFile(path, randomBytes(3_000_000));
    await utimes(path, 1_700_000_000, 1_700_000_000);
    const failure = await failureOf(upload(file));
    expect(failure.message).toContain('same size, other bytes');
    expect(server.seen).toEqual([]);
  });

  it.each([
    ['grows', () => appendFile(path, 'more')],
    ['shrinks', () => truncate(path, 1_500_000)],
  ])('%s while it is sent: no form is ever complete', async (_name, change) => {
    let isChanged = false;
    handler = async (_request, response, raw) => {
      raw.pause();
      isChanged = true;
      await change();
      received.push(...(await receive(raw)));
      json(response, 200, { file_id: 'file_1' });
    };
    // More than sockets and pipes hold, so that it is still being sent when it changes.
    await writeFile(path, randomBytes(30_000_000));
    const failure = await failureOf(upload(await facts()));
    expect(isChanged).toBe(true);
    expect(failure).toMatchObject({ kind: 'file' });
    expect(failure.message).toMatch(/has changed since it was checked/);
    expect(received).toEqual([]);
    await expect.poll(() => server.sockets.size).toBe(0);
  });
});

describe('an upload that does not get through', () => {
  const stuck: IncomingMessage[] = [];
  const neverReads: Handler = (_request, _response, raw) => void stuck.push(raw.pause());
  /** A server that does not read sees that a connection was closed only once it reads again. */
  const seesNoConnection = () => {
    for (const raw of stuck) raw.resume();
    return expect.poll(() => server.sockets.size).toBe(0);
  };
  const big = async () => {
    await writeFile(path, randomBytes(30_000_000));
    return facts();
  };

  it('is aborted: the connection is closed', async () => {
    handler = neverReads;
    const controller = new AbortController();
    const call = failureOf(upload(await big(), { signal: controller.signal }));
    await expect.poll(() => server.seen.length).toBe(1);
    controller.abort();
    expect(await call).toMatchObject({ kind: 'aborted' });
    await seesNoConnection();
  });

  it('stands still: it says so after its time', async () => {
    handler = neverReads;
    const impatient = createNodeClient({
      apiKey: 'key-0123456789abcdef',
      baseUrl: server.url,
      stallTimeoutMs: 80,
    });
    const failure = await failureOf(upload(await big(), {}, impatient));
    expect(failure).toMatchObject({ kind: 'network', delivery: 'unknown' });
    expect(failure.message).toContain('no byte moved for 80 ms');
    await seesNoConnection();
  });

  it('is slow but moves: it takes longer than the time for standing still', async () => {
    handler = async (_request, response, raw) => {
      for await (const _chunk of raw) await new Promise((resolve) => setTimeout(resolve, 1));
      json(response, 200, { file_id: 'slow' });
    };
    const impatient = createNodeClient({
      apiKey: 'key-0123456789abcdef',
      baseUrl: server.url,
      stallTimeoutMs: 400,
    });
    const startedAt = performance.now();
    expect(await upload(await big(), {}, impatient)).toEqual({ fileId: 'slow' });
    expect(performance.now() - startedAt).toBeGreaterThan(400);
    impatient.close();
  });

  it('is refused before it was sent whole: the refusal is reported, and nothing continues in the background', async () => {
    handler = (_request, response, raw) => {
      stuck.push(raw.pause());
      json(response, 413, { error: 'too_large', message: 'at most 10 MB' });
    };
    expect(await failureOf(upload(await big()))).toMatchObject({
      kind: 'rejected',
      status: 413,
      serverError: 'too_large',
    });
    await seesNoConnection();
  });

  it('breaks off', async () => {
    handler = (_request, response) => void response.socket?.resetAndDestroy();
    expect(await failureOf(upload(await big()))).toMatchObject({ kind: 'network', delivery: 'unknown' });
  });
});
