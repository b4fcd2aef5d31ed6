import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../../src/adapters/emulator/index.js';
import { seededRandom } from '../../../src/adapters/emulator/model/seeded-random.js';
import { signUrl } from '../../../src/adapters/emulator/model/signed-url.js';
import { callServer, fileForm } from './api-client.js';

interface Known {
  readonly key: string;
  readonly fileId: string;
  readonly jobSpecId: string;
  readonly url: string;
}

const NOW = Date.UTC(2026, 2, 30, 12);
const workflowId = 'goal_lane.media_archive';

/** Everything that one could want to guess of an emulator. */
async function secretsOf(emulator: Emulator, wait: () => void): Promise<Known> {
  const call = callServer(emulator.baseUrl, emulator.apiKey);
  const fileId = (await call('POST', '/upload', fileForm('a.txt', 'hello'))).body.file_id;
  const { jobSpecId } = (await call('POST', '/jobs/goal', { workflowId, fileIds: [fileId] })).body;
  await call('POST', `/jobs/goal/${jobSpecId}/confirm`, { itemVersion: 1 });
  wait();
  const { url } = (await call('GET', `/jobs/goal/${jobSpecId}/download`)).body;
  const { pathname, search } = new URL(url);
  return { key: emulator.apiKey, fileId, jobSpecId, url: `${pathname}${search}` };
}

async function startOnce(options: Parameters<typeof startEmulator>[0] = {}): Promise<Known> {
  let now = NOW;
  const emulator = await startEmulator({ clock: { now: () => now }, ...options });
  try {
    return await secretsOf(emulator, () => {
      now += 60_000;
    });
  } finally {
    await emulator.close();
  }
}

describe('key, ids and signatures', () => {
  it('differ at each start, and have 128 random bits', async () => {
    const [one, two] = [await startOnce(), await startOnce()];
    for (const name of ['key', 'fileId', 'jobSpecId', 'url'] as const) expect(one[name]).not.toBe(two[name]);
    for (const name of ['key', 'fileId', 'jobSpecId'] as const)
      expect(one[name]).toMatch(/^[a-z]+_[0-9a-f]{32}$/);
  });

  it('are not signed with a secret that one can work out from the source', async () => {
    let now = NOW;
    const emulator = await startEmulator({ clock: { now: () => now } });
    try {
      const { jobSpecId, url } = await secretsOf(emulator, () => {
        now += 60_000;
      });
      expect((await fetch(`${emulator.storageUrl}${url}`)).status).toBe(200);
      const guessed = [0, 1, 2].map((seed) => `emulator-${seededRandom(seed)()}`);
      for (const secret of [...guessed, '', 'undefined', emulator.apiKey]) {
        const forged = signUrl(secret, emulator.storageUrl, jobSpecId, 'output.zip', now).url;
        expect((await fetch(forged)).status).toBe(403);
      }
    } finally {
      await emulator.close();
    }
  });

  it('cannot be found by counting', async () => {
    const emulator = await startEmulator();
    try {
      const call = callServer(emulator.baseUrl, emulator.apiKey);
      const fileIds = [(await call('POST', '/upload', fileForm('a.txt', 'hello'))).body.file_id];
      await call('POST', '/jobs/goal', { workflowId, fileIds });
      for (const guess of ['job_1', 'job_01', 'job_0', 'job_'])
        expect((await call('GET', `/jobs/goal/${guess}`)).status).toBe(404);
      const guessed = { workflowId, fileIds: ['file_1'] };
      expect((await call('POST', '/jobs/goal', guessed)).status).toBe(422);
      for (const key of ['emulator-key', 'emulator_key', ''])
        expect((await callServer(emulator.baseUrl, key)('GET', '/workflows/catalog')).status).toBe(401);
    } finally {
      await emulator.close();
    }
  });

  it('are the same again with a seed, for tests that repeat themselves', async () => {
    const seeded = { seed: 7, storagePort: 0 };
    const [one, two, other] = [
      await startOnce(seeded),
      await startOnce(seeded),
      await startOnce({ ...seeded, seed: 8 }),
    ];
    expect(one).toEqual(two);
    expect(one).toMatchObject({ key: 'emulator-key', fileId: 'file_1', jobSpecId: 'job_1' });
    expect(other.url).not.toBe(one.url);
  });
});

describe('the address', () => {
  it('is 127.0.0.1: what comes in at any other of this machine does not get through', async () => {
    const emulator = await startEmulator();
    try {
      for (const url of [emulator.baseUrl, emulator.storageUrl]) {
        const { hostname, port } = new URL(url);
        expect(hostname).toBe('127.0.0.1');
        for (const host of ['127.0.0.2', '::1']) {
          const isOpen = await new Promise((resolve) => {
            const socket = connect({ host, port: Number(port) });
            socket.on('connect', () => resolve(true));
            socket.on('error', () => resolve(false));
          });
          expect(isOpen, host).toBe(false);
        }
      }
    } finally {
      await emulator.close();
    }
  });
});
