import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkOut } from '../../../../src/adapters/cli/doctor/check-out.js';
import { checkRuntime } from '../../../../src/adapters/cli/doctor/check-runtime.js';
import { processesLocking } from '../../../../src/adapters/cli/doctor/file-locks.js';
import { runCli } from '../../../../src/adapters/cli/run-cli.js';
import { openJobStore } from '../../../../src/engine/store/index.js';
import { openRaw } from '../../../support/raw-database.js';
import { createFakeIo } from '../fake-io.js';
import { examined } from './examined.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'goal-lane-doctor-machine-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const NOWHERE = { CONVILYN_BASE_URL: 'http://127.0.0.1:9/api/v1' };

describe('goal-lane doctor, on this machine', () => {
  it.each([
    ['no key', { CONVILYN_API_KEY: '' }, 'key'],
    ['a key with a space in it', { CONVILYN_API_KEY: 'my key' }, 'key'],
    ['a base URL that is none', { CONVILYN_BASE_URL: 'api.convilyn.com' }, 'base-url'],
    ['a base URL with a user', { CONVILYN_BASE_URL: 'https://me:pw@127.0.0.1/' }, 'base-url'],
  ])('reports %s, and ends with 2', async (_, env, check) => {
    const { code, of } = await examined({ ...NOWHERE, ...env });
    expect(code).toBe(2);
    expect(of(check)).toMatchObject({ mark: 'wrong', exitCode: 2, cure: expect.stringMatching(/\w/) });
  });

  it('looks at the store and the folder for results, and makes neither', async () => {
    const store = join(folder, 'new', 'jobs.db');
    const fake = createFakeIo({ CONVILYN_API_KEY: '', GOAL_LANE_STORE: store });
    await runCli(['doctor', '--out', join(folder, 'results')], fake.io);
    expect(fake.stdout()).toMatch(/✓ store .*will be made with the first job, .* free/);
    expect(fake.stdout()).toMatch(/✓ out .*will be made/);
    expect(statSync(join(folder, 'new'), { throwIfNoEntry: false })).toBeUndefined();
    expect(statSync(join(folder, 'results'), { throwIfNoEntry: false })).toBeUndefined();
  });

  it.each([
    ['a text', (path: string) => writeFileSync(path, 'Dear Sir or Madam', { mode: 0o644 })],
    ['a folder', (path: string) => mkdirSync(path)],
    [
      'the database of another program',
      (path: string) => {
        const other = openRaw(path);
        other.exec('CREATE TABLE theirs (x); PRAGMA user_version = 3;');
        other.close();
      },
    ],
  ])('says that %s is no store, and leaves it as it is', async (_, make) => {
    const store = join(folder, 'jobs.db');
    make(store);
    const before = statSync(store);
    const { of } = await examined({ ...NOWHERE, GOAL_LANE_STORE: store });
    expect(of('store')).toMatchObject({ mark: 'wrong', cure: expect.stringMatching(/\w/) });
    expect(statSync(store).mtimeMs).toBe(before.mtimeMs);
    expect(statSync(store).mode).toBe(before.mode);
  });

  it('says what a store holds, and who may read it', async () => {
    const store = join(folder, 'jobs.db');
    await (await openJobStore({ path: store })).close();
    const { of } = await examined({ ...NOWHERE, GOAL_LANE_STORE: store });
    expect(of('store')).toMatchObject({ mark: 'ok' });
    expect(of('store')?.text).toMatch(/0 jobs, schema \d+, mode 0600, .* free/);
  });

  it('warns of a store in memory', async () => {
    const { of } = await examined({ ...NOWHERE, GOAL_LANE_STORE: ':memory:' });
    expect(of('store')).toMatchObject({ mark: 'warning' });
  });

  it('reports a folder for results that others own, and a disk that is nearly full', async () => {
    const state = { path: folder, isThere: true, isFolder: true, isWritable: true };
    const closed = await checkOut(folder, async () => ({ ...state, isWritable: false }));
    expect(closed).toMatchObject({
      mark: 'wrong',
      exitCode: 2,
      text: expect.stringContaining('No permission'),
    });
    const full = await checkOut(folder, async () => ({ ...state, freeBytes: 1_000 }));
    expect(full).toMatchObject({ mark: 'warning', text: expect.stringContaining('1.0 kB free') });
  });

  it('reports a folder for results that is a file', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const { code, of } = await examined(NOWHERE, ['--out', file]);
    expect(code).toBe(2);
    expect(of('out')).toMatchObject({ mark: 'wrong', text: expect.stringContaining('not a folder') });
  });

  it('warns of a Node that no test runs on', () => {
    expect(checkRuntime('v18.20.0')).toMatchObject({ mark: 'warning' });
    expect(checkRuntime('v20.18.3')).toMatchObject({ mark: 'warning' });
    expect(checkRuntime('v20.19.0')).toMatchObject({ mark: 'ok' });
    expect(checkRuntime('v24.0.0')).toMatchObject({ mark: 'ok' });
  });

  it('knows by the list of the kernel who holds a file', async () => {
    const held = join(folder, 'held');
    writeFileSync(held, '');
    const { ino } = statSync(held);
    const table = join(folder, 'locks');
    writeFileSync(
      table,
      `1: POSIX  ADVISORY  WRITE 4711 08:01:${ino} 0 EOF\n2: POSIX  ADVISORY  READ ${process.pid} 08:01:${ino} 0 EOF\n3: FLOCK  ADVISORY  WRITE 99 08:01:${ino + 1} 0 EOF\n`,
    );
    expect(await processesLocking([held], table)).toEqual([4711]);
  });

  it('shows people a sign, the finding and its cure', async () => {
    const fake = createFakeIo({ CONVILYN_API_KEY: '' });
    await runCli(['doctor', '--base-url', 'http://127.0.0.1:9/api/v1'], fake.io);
    expect(fake.stdout()).toMatch(/✗ key .*CONVILYN_API_KEY is not set\n {2,}→ /);
    expect(fake.stdout()).toMatch(/\n1 wrong \(✗\)/);
  });
});
