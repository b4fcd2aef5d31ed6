import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../../src/adapters/cli/run-cli.js';
import { openJobStore } from '../../../src/engine/store/index.js';
import { leaseOf, sampleRecord } from '../../engine/store/sample-record.js';
import { useStoreDirectory } from '../../engine/store/store-directory.js';
import { createFakeIo } from './fake-io.js';

const directory = useStoreDirectory();

async function list(path: string, ...flags: string[]) {
  const fake = createFakeIo({ GOAL_LANE_STORE: path });
  const code = await runCli(['jobs', ...flags], fake.io);
  return { code, stdout: fake.stdout(), stderr: fake.stderr() };
}

describe('a list without a job', () => {
  it('says that the store does not exist, and does not create it', async () => {
    const path = directory.path('mistyped/jobs.db');
    const { code, stderr } = await list(path);
    expect(code).toBe(0);
    expect(stderr).toBe(`The store ${path} holds no jobs: it does not exist yet.\n`);
    expect(existsSync(directory.path('mistyped'))).toBe(false);
    const { stdout } = await list(path, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ type: 'completed', exitCode: 0, count: 0 });
  });

  it('names the store, and the state that was asked for', async () => {
    const path = directory.path('jobs.db');
    const store = await openJobStore({ path });
    expect((await list(path)).stderr).toBe(`The store ${path} holds no jobs.\n`);
    await store.save(sampleRecord('one', { state: 'completed' }), {
      lease: await leaseOf(store, 'one'),
      effect: false,
    });
    await store.close();
    const { stderr, code } = await list(path, '--state', 'executing');
    expect(stderr).toBe(`The store ${path} holds no jobs in the state executing.\n`);
    expect(code).toBe(0);
  });
});
