import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BUILT_IN_WORKFLOWS, type Emulator, startEmulator } from '../../../src/adapters/emulator/index.js';
import { type Call, callServer, fileForm } from './api-client.js';
import { readZip } from './read-zip.js';

const START = Date.UTC(2026, 2, 30, 12);
const HOUR_MS = 3_600_000;

let now = START;
let emulator: Emulator;
let call: Call;

beforeEach(async () => {
  now = START;
  emulator = await startEmulator({ clock: { now: () => now } });
  call = callServer(emulator.baseUrl, emulator.apiKey);
});
afterEach(() => emulator.close());

async function finishJob(files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>): Promise<string> {
  const fileIds: string[] = [];
  for (const [name, content] of Object.entries(files))
    fileIds.push((await call('POST', '/upload', fileForm(name, content))).body.file_id);
  const created = await call('POST', '/jobs/goal', { workflowId: 'goal_lane.media_archive', fileIds });
  const path = `/jobs/goal/${created.body.jobSpecId}`;
  await call('POST', `${path}/confirm`, { itemVersion: 1 });
  now += 10_000;
  return path;
}

const downloadUrl = async (path: string): Promise<string> => (await call('GET', `${path}/download`)).body.url;

describe('the storage origin', () => {
  it('is another origin than the API, and refuses a request that carries an Authorization header', async () => {
    const url = await downloadUrl(await finishJob({ 'a.txt': 'hello' }));
    expect(new URL(url).origin).toBe(emulator.storageUrl);
    expect(new URL(url).origin).not.toBe(new URL(emulator.baseUrl).origin);
    const reply = await fetch(url, { headers: { authorization: `Bearer ${emulator.apiKey}` } });
    expect(reply.status).toBe(400);
    expect(await reply.text()).toContain('<Code>InvalidArgument</Code>');
    expect(emulator.log.at(-1)).toMatchObject({ endpoint: 'storage', hadAuthorization: true, status: 400 });
  });

  it('refuses what is not signed, signed otherwise, or expired, in the words of S3', async () => {
    const url = await downloadUrl(await finishJob({ 'a.txt': 'hello' }));
    const codeOf = async (address: string): Promise<unknown> => {
      const reply = await fetch(address);
      return [reply.status, /<Code>(\w+)</.exec(await reply.text())?.[1]];
    };
    expect(await codeOf(url.split('?')[0] ?? '')).toEqual([403, 'AccessDenied']);
    expect(await codeOf(url.replace(/job_\w+/, 'job_2'))).toEqual([403, 'SignatureDoesNotMatch']);
    expect(await codeOf(url.replace('X-Amz-Expires=3600', 'X-Amz-Expires=999999'))).toEqual([
      403,
      'SignatureDoesNotMatch',
    ]);
    expect(await codeOf(`${emulator.storageUrl}/nothing`)).toEqual([404, 'NoSuchKey']);
    now += HOUR_MS - 1_000;
    expect((await fetch(url)).status).toBe(200);
    now += 1_001;
    expect(await codeOf(url)).toEqual([403, 'AccessDenied']);
  });

  it('gives a fresh URL that works after the first has expired, until the result is gone', async () => {
    const path = await finishJob({ 'a.txt': 'hello' });
    const first = await downloadUrl(path);
    now += HOUR_MS + 1_000;
    const second = await downloadUrl(path);
    expect(second).not.toBe(first);
    expect((await fetch(second)).status).toBe(200);
    now += 23 * HOUR_MS - 30_000;
    const last = await downloadUrl(path);
    now += 60_000;
    expect((await fetch(last)).status).toBe(404);
    expect((await call('GET', `${path}/download`)).status).toBe(410);
  });

  it('serves ranges of the same bytes, of every length, under a stable ETag', async () => {
    const url = await downloadUrl(await finishJob({ 'a.txt': 'hello', 'b.txt': 'world'.repeat(50) }));
    const whole = await fetch(url);
    const etag = whole.headers.get('etag') ?? '';
    const bytes = Buffer.from(await whole.arrayBuffer());
    expect(whole.headers.get('accept-ranges')).toBe('bytes');
    const total = bytes.length;
    for (const [range, from, to] of [
      ['bytes=0-0', 0, 1],
      [`bytes=${total - 1}-`, total - 1, total],
      ['bytes=-7', total - 7, total],
      ['bytes=30-299', 30, 300],
      [`bytes=5-${total + 100}`, 5, total],
    ] as const) {
      const part = await fetch(url, { headers: { range } });
      expect(part.status).toBe(206);
      expect(part.headers.get('content-range')).toBe(`bytes ${from}-${to - 1}/${total}`);
      expect(part.headers.get('etag')).toBe(etag);
      expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(from, to))).toBe(true);
    }
    const beyond = await fetch(url, { headers: { range: `bytes=${total}-` } });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${total}`]);
    await beyond.text();
    const head = await fetch(url, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(total));
  });

  it('obeys If-Range: the whole, where the ETag is another', async () => {
    const url = await downloadUrl(await finishJob({ 'a.txt': 'hello' }));
    const etag = (await fetch(url, { method: 'HEAD' })).headers.get('etag') ?? '';
    const statusWith = async (ifRange: string): Promise<number> => {
      const reply = await fetch(url, { headers: { range: 'bytes=3-', 'if-range': ifRange } });
      await reply.arrayBuffer();
      return reply.status;
    };
    expect(await statusWith(etag)).toBe(206);
    expect(await statusWith('"other"')).toBe(200);
  });
});

describe('results', () => {
  it('hold the uploaded bytes, under safe names that do not collide, with a manifest of what was given', async () => {
    const binary = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 31) % 256);
    const path = await finishJob({ 'straße.bin': binary, '../../etc/passwd.txt': 'x', 'empty.txt': '' });
    const files = await readZip(Buffer.from(await (await fetch(await downloadUrl(path))).arrayBuffer()));
    expect([...files.keys()].sort()).toEqual(['empty.txt', 'manifest.json', 'passwd.txt', 'straße.bin']);
    expect(files.get('straße.bin')?.equals(binary)).toBe(true);
    expect(files.get('empty.txt')?.length).toBe(0);
    const manifest = JSON.parse(files.get('manifest.json')?.toString() ?? '');
    expect(manifest.files[0]).toMatchObject({
      size: 70_000,
      sha256: createHash('sha256').update(binary).digest('hex'),
    });
  });

  it('name files that were too large to keep, without holding them', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'goal-lane-test-'));
    vi.stubEnv('TMPDIR', temporary);
    const small = await startEmulator({ keepUpToBytes: 10 });
    const send = callServer(small.baseUrl, small.apiKey);
    try {
      const kept = (): number =>
        readdirSync(temporary, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
          .length;
      await send('POST', '/upload', fileForm('small.txt', 'x'.repeat(10)));
      expect(kept()).toBe(1);
      const { body } = await send('POST', '/upload', fileForm('big.txt', 'x'.repeat(11)));
      expect(kept()).toBe(1);
      expect(small.log.at(-1)?.effect).toEqual({ type: 'uploaded', fileId: body.file_id, bytes: 11 });
    } finally {
      await small.close();
      vi.unstubAllEnvs();
    }
    expect(readdirSync(temporary)).toEqual([]);
    rmSync(temporary, { recursive: true });
  });

  it('are pseudo-random where a workflow says so: the same bytes in any range', async () => {
    const [base] = BUILT_IN_WORKFLOWS;
    if (base === undefined) throw new Error('there is no workflow');
    const execution = { durationMs: 0, confirmingMs: 0, result: { kind: 'random', bytes: 600_001 } } as const;
    const other = await startEmulator({ workflows: [{ ...base, minFileCount: 0, execution }] });
    const send = callServer(other.baseUrl, other.apiKey);
    try {
      const { body } = await send('POST', '/jobs/goal', { workflowId: base.specId, fileIds: [] });
      await send('POST', `/jobs/goal/${body.jobSpecId}/confirm`, { itemVersion: 1 });
      const { url } = (await send('GET', `/jobs/goal/${body.jobSpecId}/download`)).body;
      const whole = Buffer.from(await (await fetch(url)).arrayBuffer());
      expect(whole.length).toBe(600_001);
      const part = await fetch(url, { headers: { range: 'bytes=262000-530000' } });
      expect(Buffer.from(await part.arrayBuffer()).equals(whole.subarray(262_000, 530_001))).toBe(true);
    } finally {
      await other.close();
    }
  });
});

describe('closing', () => {
  it('ends idle and busy connections alike, and frees the port', async () => {
    const { port } = new URL(emulator.baseUrl);
    const socket = connect(Number(port), '127.0.0.1');
    const ended = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    socket.on('error', () => undefined);
    await new Promise<void>((resolve) => socket.on('connect', () => resolve()));
    socket.write('POST /api/v1/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf');
    await emulator.close();
    await ended;
    const again = await startEmulator({ port: Number(port) });
    expect(new URL(again.baseUrl).port).toBe(port);
    await expect(startEmulator({ port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await again.close();
  });
});
