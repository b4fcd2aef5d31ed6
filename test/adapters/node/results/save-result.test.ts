import { createHash, randomBytes } from 'node:crypto';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodeClient, createNodePorts } from '../../../../src/adapters/node/index.js';
import type { DownloadProgress } from '../../../../src/machines/ports.js';
import { asNobody } from '../../../support/as-nobody.js';
import { failureOf } from '../../../support/failure-of.js';
import { serve, type TestServer } from '../../../support/http-server.js';
import { zipOfSize } from '../../../support/sample-zip.js';
import { type StoragePlan, storageServer } from '../storage-server.js';

const KEY = 'key-0123456789abcdef';
const jobSpecId = 'job_789';
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

let dir = '';
let out = '';
let plan: StoragePlan;
let storage: TestServer;
let client: ReturnType<typeof createNodeClient>;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'goal-lane-save-'));
  out = join(dir, 'out');
  plan = { content: zipOfSize(300_000), etag: '"v1"' };
  storage = await storageServer(plan);
  client = createNodeClient({ apiKey: KEY, baseUrl: storage.url, stallTimeoutMs: 5_000 });
});

afterEach(async () => {
  client.close();
  await storage.close();
  await rm(dir, { recursive: true, force: true });
});

interface SaveMore {
  readonly filename?: string;
  readonly id?: string;
  readonly url?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

function save(more: SaveMore = {}) {
  const {
    filename = 'output.zip',
    id = jobSpecId,
    url = `${storage.url}/b/output.zip?X-Amz-Signature=s`,
  } = more;
  const { signal = new AbortController().signal, onProgress } = more;
  const options = { signal, jobId: 'a', ...(onProgress ? { onProgress } : {}) };
  return createNodePorts({ client, outDir: out }).saveResult(
    { jobSpecId: id, download: { url, filename } },
    options,
  );
}

const files = async () => (await readdir(out)).sort();
const parts = async () => (await files()).filter((name) => name.endsWith('.part'));
/** How the rest of the one part is asked for: what had arrived when the connection broke is not ours to say. */
async function restOfPart(): Promise<string> {
  const [part = 'none'] = await parts();
  const { size } = await stat(join(out, part));
  expect(size).toBeGreaterThan(0);
  return `bytes=${size}-`;
}

describe('a result that comes whole', () => {
  it('is on disk under its name, with its bytes and hash; no part is left, no key was sent', async () => {
    const progress: DownloadProgress[] = [];
    const saved = await save({ onProgress: (step) => void progress.push(step) });
    const file = join(out, 'output.zip');
    expect(saved).toEqual({ file, bytes: 300_000, sha256: sha256(plan.content), verified: true });
    expect(await readFile(file)).toEqual(plan.content);
    expect(await files()).toEqual(['output.zip']);
    expect(progress[0]).toEqual({ receivedBytes: 0, totalBytes: 300_000 });
    expect(progress.at(-1)).toEqual({ receivedBytes: 300_000, totalBytes: 300_000 });
    expect(storage.seen[0]?.headers.authorization).toBeUndefined();
    expect(JSON.stringify(storage.seen)).not.toContain(KEY);
  });

  it('may be of unknown length, if its chunks are terminated', async () => {
    plan.isChunked = true;
    expect(await save()).toMatchObject({ bytes: 300_000, sha256: sha256(plan.content), verified: true });
    expect(await files()).toEqual(['output.zip']);
  });
});

describe('the name of a result', () => {
  it.each([
    ['../../escape.zip', 'escape.zip'],
    ['/abs/olute.zip', 'olute.zip'],
    ['..', 'job_789.zip'],
    ['', 'job_789.zip'],
    ['.ssh', 'ssh'],
    ['a\u0000\n.zip', 'a.zip'],
    ['NUL', '_NUL'],
  ])('%j is saved as %j, and nothing is written outside', async (filename, name) => {
    expect((await save({ filename })).file).toBe(join(out, name));
    expect(await files()).toEqual([name]);
    expect(await readdir(dir)).toEqual(['out']);
  });

  it('is numbered where another file has it', async () => {
    await mkdir(out);
    await writeFile(join(out, 'output.zip'), 'mine');
    await writeFile(join(out, 'output (1).zip'), 'mine too');
    expect((await save()).file).toBe(join(out, 'output (2).zip'));
    expect(await readFile(join(out, 'output.zip'), 'utf8')).toBe('mine');
    expect(await readFile(join(out, 'output (1).zip'), 'utf8')).toBe('mine too');
  });

  it('is kept where the very same bytes have it: to save twice is to save once', async () => {
    expect(await save()).toEqual(await save());
    expect(await files()).toEqual(['output.zip']);
  });

  it('is numbered where a directory has it', async () => {
    await mkdir(join(out, 'output.zip'), { recursive: true });
    expect((await save()).file).toBe(join(out, 'output (1).zip'));
  });

  it.each([['to a file'], ['to nowhere']])('is not written through a link %s', async (kind) => {
    const victim = join(dir, 'victim');
    await mkdir(out);
    if (kind === 'to a file') await writeFile(victim, 'precious');
    await symlink(victim, join(out, 'output.zip'));
    expect((await save()).file).toBe(join(out, 'output (1).zip'));
    const names = await readdir(dir);
    if (kind === 'to a file') expect(await readFile(victim, 'utf8')).toBe('precious');
    else expect(names).toEqual(['out']);
  });
});

describe('a result that breaks off', () => {
  it('continues where it stopped, and is whole', async () => {
    plan.cuts = [100_000, 50_000];
    expect(await failureOf(save())).toMatchObject({ kind: 'network', method: 'GET', path: '/…/output.zip' });
    const first = await restOfPart();
    expect(await failureOf(save())).toMatchObject({ kind: 'network' });
    const second = await restOfPart();
    expect(await parts()).toHaveLength(1);
    expect(await save()).toMatchObject({ bytes: 300_000, sha256: sha256(plan.content) });
    expect(await files()).toEqual(['output.zip']);
    expect(await readFile(join(out, 'output.zip'))).toEqual(plan.content);
    expect(storage.seen[1]?.headers).toMatchObject({ range: first, 'if-range': '"v1"' });
    expect(storage.seen[2]?.headers).toMatchObject({ range: second, 'if-range': '"v1"' });
    expect(second).not.toBe(first);
  });

  it('starts over where the result has changed since', async () => {
    plan.cuts = [100_000];
    await failureOf(save());
    plan.content = zipOfSize(200_000);
    plan.etag = '"v2"';
    expect(await save()).toMatchObject({ bytes: 200_000, sha256: sha256(plan.content) });
    expect(await files()).toEqual(['output.zip']);
  });

  it('starts over where the result has changed and storage sends its rest all the same', async () => {
    plan.cuts = [100_000];
    plan.ignoresIfRange = true;
    await failureOf(save());
    plan.content = zipOfSize(300_000);
    plan.etag = '"v2"';
    expect(await save()).toMatchObject({ bytes: 300_000, sha256: sha256(plan.content) });
    expect(await files()).toEqual(['output.zip']);
  });

  it('starts over where storage ignores ranges', async () => {
    plan.cuts = [100_000];
    plan.ignoresRange = true;
    await failureOf(save());
    expect(await save()).toMatchObject({ bytes: 300_000, sha256: sha256(plan.content) });
    expect(await files()).toEqual(['output.zip']);
  });

  it('starts over where the total is another and no ETag vouches for the bytes', async () => {
    plan.etag = undefined;
    plan.cuts = [100_000];
    await failureOf(save());
    plan.content = zipOfSize(200_000);
    expect(await save()).toMatchObject({ bytes: 200_000, sha256: sha256(plan.content) });
  });

  it('starts over without an ETag that identifies the bytes, and leaves nothing that cannot be continued', async () => {
    plan.etag = undefined;
    plan.cuts = [100_000];
    await failureOf(save());
    expect(await parts()).toEqual([]);
    expect(await save()).toMatchObject({ bytes: 300_000, sha256: sha256(plan.content) });
    expect(storage.seen[1]?.headers.range).toBeUndefined();
  });

  it('is not continued if it is unknown what it is a part of', async () => {
    plan.etag = 'W/"weak"';
    plan.isChunked = true;
    plan.cuts = [100_000];
    await failureOf(save());
    expect(await parts()).toEqual([]);
    expect(await save()).toMatchObject({ sha256: sha256(plan.content) });
    expect(storage.seen[1]?.headers.range).toBeUndefined();
  });

  it('starts over where storage sends another range than was asked for', async () => {
    plan.cuts = [100_000];
    await failureOf(save());
    plan.liesAboutRange = true;
    expect(await save()).toMatchObject({ sha256: sha256(plan.content) });
  });

  it('is whole where only its name was missing: 416 says so', async () => {
    plan.cuts = [100_000];
    await failureOf(save());
    const [part = ''] = await parts();
    await writeFile(join(out, part), plan.content);
    expect(await save()).toMatchObject({ bytes: 300_000, sha256: sha256(plan.content) });
    expect(await files()).toEqual(['output.zip']);
  });

  it('starts over where the part is longer than the result', async () => {
    plan.cuts = [100_000];
    await failureOf(save());
    const [part = ''] = await parts();
    await writeFile(join(out, part), randomBytes(400_000));
    expect(await save()).toMatchObject({ sha256: sha256(plan.content) });
    expect(await files()).toEqual(['output.zip']);
  });

  it('is kept over an expired URL, for a fresh one', async () => {
    plan.cuts = [100_000];
    await failureOf(save());
    plan.refusal = { status: 403 };
    expect(await failureOf(save())).toMatchObject({ kind: 'gone' });
    plan.refusal = undefined;
    const rest = await restOfPart();
    await save();
    expect(storage.seen.at(-1)?.headers.range).toBe(rest);
    expect(await files()).toEqual(['output.zip']);
  });
});

describe('parts of others', () => {
  const broken = async (id = jobSpecId): Promise<string> => {
    plan.cuts = [100_000];
    await failureOf(save({ id }));
    plan.cuts = [];
    return (await parts()).at(-1) ?? '';
  };
  /** As on a system that does not report when a process started. */
  const asPid = async (part: string, pid: number): Promise<void> =>
    rename(join(out, part), join(out, part.replace(new RegExp(`\\.${process.pid}\\.\\w+\\.`), `.${pid}.x.`)));

  it('of a process that has ended are continued', async () => {
    // Beyond what any system gives: no process has it.
    await asPid(await broken(), 999_999_999);
    const rest = await restOfPart();
    await save();
    expect(storage.seen.at(-1)?.headers.range).toBe(rest);
    expect(await files()).toEqual(['output.zip']);
  });

  it('of a process that runs are left alone', async () => {
    await asPid(await broken(), process.ppid);
    await save();
    expect(storage.seen.at(-1)?.headers.range).toBeUndefined();
    expect(await files()).toHaveLength(2);
  });

  it('of another job are left alone, be its id as like as it may', async () => {
    await broken('job/789');
    await save({ id: 'job 789' });
    expect(storage.seen.at(-1)?.headers.range).toBeUndefined();
    expect(await parts()).toHaveLength(1);
  });

  it('are not written to through a link', async () => {
    const part = await broken();
    const victim = join(dir, 'victim');
    const { size } = await stat(join(out, part));
    await rename(join(out, part), victim);
    await symlink(victim, join(out, part));
    await save();
    expect((await readFile(victim)).length).toBe(size);
    expect(await readFile(join(out, 'output.zip'))).toEqual(plan.content);
  });

  it('two saves of one job at once do not meet', async () => {
    const [first, second] = await Promise.all([save(), save()]);
    expect(first).toMatchObject({ sha256: sha256(plan.content) });
    expect(second).toEqual(first);
    expect(await files()).toEqual(['output.zip']);
  });
});

describe('what storage refuses', () => {
  it.each([
    [400, 'gone'],
    [401, 'gone'],
    [403, 'gone'],
    [404, 'gone'],
    [410, 'gone'],
    [429, 'rate-limited'],
    [500, 'server'],
    [503, 'server'],
    [418, 'rejected'],
  ])('%i is %s', async (status, kind) => {
    plan.refusal = {
      status,
      headers: { 'Retry-After': '3' },
      body: '<Error><Code>AccessDenied</Code><Message>Request has expired</Message><StringToSign>SIGN-ME</StringToSign></Error>',
    };
    const failure = await failureOf(save());
    expect(failure).toMatchObject({ kind, status, path: '/…/output.zip', serverError: 'AccessDenied' });
    expect(failure.retryAt).toBeGreaterThan(Date.now());
    expect(JSON.stringify(failure)).not.toMatch(/SIGN-ME|X-Amz/);
    expect(await files()).toEqual([]);
  });

  it('a URL that was left out of a stored snapshot asks for a fresh one', async () => {
    expect(await failureOf(save({ url: '' }))).toMatchObject({ kind: 'gone', delivery: 'not-sent' });
  });

  it('a redirect is followed without a key; one to the disk is not', async () => {
    const front = await serve((request, response) => {
      const to = request.path === '/file' ? 'file:///etc/passwd' : `${storage.url}/there`;
      response.writeHead(307, { Location: to }).end();
    });
    expect(await save({ url: `${front.url}/b` })).toMatchObject({ sha256: sha256(plan.content) });
    expect(await failureOf(save({ url: `${front.url}/file` }))).toMatchObject({ status: 307 });
    expect(storage.seen.every(({ headers }) => headers.authorization === undefined)).toBe(true);
    await front.close();
  });
});

describe('what the disk refuses', () => {
  it('is of kind storage, and says where', async () => {
    await writeFile(out, 'a file where the folder should be');
    const failure = await failureOf(save());
    expect(failure).toMatchObject({ kind: 'storage', delivery: 'not-sent' });
    expect(failure.message).toContain(out);
    expect(storage.seen).toEqual([]);
  });

  it('a folder that must not be written to', async () => {
    await mkdir(out);
    await chmod(out, 0o500);
    await chmod(dirname(out), 0o755);
    expect(await asNobody(() => failureOf(save()))).toMatchObject({ kind: 'storage' });
    await chmod(out, 0o700);
  });

  it('a disk that is full leaves no part behind', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const chunks = (async function* () {
      yield plan.content.subarray(0, 1_000);
      // What a write to a full disk rejects with, thrown where the bytes are handled.
      throw full;
    })();
    const fake = {
      ...client,
      fetchResult: async () => ({
        part: 'whole' as const,
        totalBytes: 300_000,
        chunks,
        close: () => undefined,
      }),
    };
    const { saveResult } = createNodePorts({ client: fake, outDir: out });
    const signal = new AbortController().signal;
    await expect(
      saveResult({ jobSpecId, download: { url: 'http://x/y' } }, { signal, jobId: 'a' }),
    ).rejects.toThrow('ENOSPC');
    expect(await files()).toEqual([]);
  });
});

describe('a save that is aborted', () => {
  it('closes its connection and leaves its part for later', async () => {
    const controller = new AbortController();
    plan.holdsAfter = 100_000;
    const failure = failureOf(save({ signal: controller.signal }));
    await expect.poll(restOfPart).toBe('bytes=100000-');
    controller.abort();
    expect(await failure).toMatchObject({ kind: 'aborted' });
    await expect.poll(() => storage.sockets.size).toBe(0);
    plan.holdsAfter = undefined;
    expect(await save()).toMatchObject({ sha256: sha256(plan.content) });
    expect(storage.seen[1]?.headers.range).toBe('bytes=100000-');
  });

  it('stands still for too long: it says so', async () => {
    const stuck = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Length': '10' });
      response.write('half');
    });
    const impatient = createNodeClient({ apiKey: KEY, baseUrl: stuck.url, stallTimeoutMs: 60 });
    const { saveResult } = createNodePorts({ client: impatient, outDir: out });
    const signal = new AbortController().signal;
    const failure = await failureOf(
      saveResult({ jobSpecId, download: { url: stuck.url } }, { signal, jobId: 'a' }),
    );
    expect(failure).toMatchObject({ kind: 'network' });
    expect(failure.message).toContain('stalled');
    await expect.poll(() => stuck.sockets.size).toBe(0);
    await stuck.close();
  });
});
