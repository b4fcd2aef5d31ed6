import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/adapters/cli/run-cli.js';
import { createFakeIo } from './fake-io.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'goal-lane-store-refusal-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** An API that lists one workflow, and does something to the machine of its client meanwhile. */
async function withApi<Result>(
  onCatalog: () => void,
  work: (baseUrl: string, writes: string[]) => Promise<Result>,
): Promise<Result> {
  const writes: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    if (request.method !== 'GET') writes.push(`${request.method} ${request.url}`);
    else onCatalog();
    const item = {
      spec_id: 'wf',
      supported_input_formats: ['txt'],
      maxInputSizeBytes: 1_000,
      minFileCount: 1,
    };
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify([{ ...item, name: 'W', description: '', required_slots: [] }]));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  // Boundary: a server that listens on a port has an address of that form.
  const { port } = server.address() as AddressInfo;
  try {
    return await work(`http://127.0.0.1:${port}/api/v1`, writes);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('a store that fails before anything was sent', () => {
  it('is named as what it is: nothing was started, and the exit code is that of a refusal', async () => {
    const store = join(directory, 'jobs.db');
    const input = join(directory, 'in.txt');
    writeFileSync(input, 'hello\n');
    const breakStore = (): void => {
      for (const suffix of ['', '-wal', '-shm']) rmSync(store + suffix, { force: true });
      writeFileSync(store, 'Dear Sir or Madam');
    };
    await withApi(breakStore, async (baseUrl, writes) => {
      const env = { CONVILYN_API_KEY: 'key-0123456789', CONVILYN_BASE_URL: baseUrl, GOAL_LANE_STORE: store };
      const fake = createFakeIo(env);
      const code = await runCli(['run', 'wf', input, '--json', '--out', directory], fake.io);
      expect(code).toBe(2);
      expect(writes).toEqual([]);
      expect(fake.stderr()).toMatch(/nothing was started: .*jobs\.db is not a goal-lane store/);
      expect(fake.stderr()).not.toContain('not saved');
      const last = fake.stdout().trim().split('\n').at(-1) ?? '';
      expect(JSON.parse(last)).toMatchObject({ type: 'error', exitCode: 2, failure: { kind: 'storage' } });
    });
  }, 30_000);
});

describe('--store', () => {
  it.each([['jobs'], ['run', 'wf', 'in.txt'], ['resume', '--all']])(
    'leaves what is no store as it is: %s',
    async (...argv) => {
      const path = join(directory, 'notes.txt');
      writeFileSync(path, 'a shared file of somebody', { mode: 0o664 });
      const before = statSync(path);
      const fake = createFakeIo({ CONVILYN_API_KEY: 'key-0123456789' });
      expect(await runCli([...argv, '--store', path, '--base-url', 'http://127.0.0.1:9'], fake.io)).toBe(2);
      expect(fake.stderr()).toContain('notes.txt is not a goal-lane store');
      const { mode, mtimeMs, size } = statSync(path);
      expect({ mode, mtimeMs, size }).toEqual({
        mode: before.mode,
        mtimeMs: before.mtimeMs,
        size: before.size,
      });
    },
  );
});
