import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../../src/adapters/emulator/index.js';
import { callServer, fileForm } from './api-client.js';
import { rawRequest } from './raw-request.js';

let temporary: string;
let emulator: Emulator | undefined;

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'goal-lane-test-'));
  vi.stubEnv('TMPDIR', temporary);
});
afterEach(async () => {
  await emulator?.close();
  vi.unstubAllEnvs();
  rmSync(temporary, { recursive: true });
});

async function start(options: EmulatorOptions = {}): Promise<Emulator> {
  emulator = await startEmulator(options);
  return emulator;
}

const filesOnDisk = (): string[] =>
  readdirSync(temporary, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(temporary, path)).isFile(),
  );

const upload = ({ baseUrl, apiKey }: Emulator, bytes: number) =>
  callServer(baseUrl, apiKey)('POST', '/upload', fileForm('a.txt', 'x'.repeat(bytes)));

describe('what an upload may take', () => {
  it('is nothing at all without a key, however much is sent', async () => {
    const running = await start();
    const stranger = callServer(running.baseUrl, 'guessed');
    const reply = await stranger('POST', '/upload', fileForm('a.txt', 'x'.repeat(2_000_000)));
    expect(reply).toMatchObject({ status: 401, body: { error: 'unauthorized' } });
    expect(filesOnDisk()).toEqual([]);
  });

  it('is nothing on the storage origin, with the right key', async () => {
    const running = await start();
    const call = callServer(running.storageUrl, running.apiKey);
    expect((await call('POST', '/upload', fileForm('a.txt', 'x'))).status).toBeGreaterThanOrEqual(400);
    expect(filesOnDisk()).toEqual([]);
  });

  it('is refused with 413 beyond a bound, and given back', async () => {
    const running = await start({ maxUploadBytes: 1_000 });
    expect((await upload(running, 1_000)).status).toBe(200);
    const kept = filesOnDisk();
    const reply = await upload(running, 1_001);
    expect(reply).toMatchObject({ status: 413, body: { error: 'payload_too_large', code: 413 } });
    expect(filesOnDisk()).toEqual(kept);
  });

  it('has a bound for all uploads together: later ones are counted, not kept', async () => {
    const running = await start({ keepAtMostBytes: 2_500 });
    for (let count = 0; count < 4; count += 1) expect((await upload(running, 1_000)).status).toBe(200);
    expect(filesOnDisk()).toHaveLength(2);
    expect((await upload(running, 400)).status).toBe(200);
    expect(filesOnDisk()).toHaveLength(3);
    expect(running.log.at(-1)?.effect).toMatchObject({ type: 'uploaded', bytes: 400 });
  });
});

describe('what a reply reveals', () => {
  it.each(['/', '/api', '/api/v1/', '/../../etc/passwd', '/convilyn-results/', '/portal', '/.git/config'])(
    'is no folder, no file and no place on this machine, for %s',
    async (path) => {
      const { baseUrl, storageUrl } = await start();
      for (const origin of [new URL(baseUrl).origin, storageUrl]) {
        const reply = await rawRequest(`${origin}${path}`);
        expect(reply.status).toBeGreaterThanOrEqual(400);
        expect(reply.text).not.toContain(temporary);
        expect(reply.text.length).toBeLessThan(400);
      }
    },
  );

  it('is not where uploads are kept, when they cannot be', async () => {
    const running = await start();
    const [folder = ''] = readdirSync(temporary);
    rmSync(join(temporary, folder), { recursive: true });
    const reply = await upload(running, 10);
    expect(reply.status).toBe(400);
    expect(JSON.stringify(reply.body)).not.toMatch(/tmp|goal-lane-emulator|ENOENT/);
  });
});
