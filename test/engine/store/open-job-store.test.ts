import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';

describe('openJobStore', () => {
  const directory = mkdtempSync(join(tmpdir(), 'goal-lane-state-'));
  const state = join(directory, 'state');
  // The state directory is read once, when its library is loaded: one for all tests, and nothing of another's in it.
  vi.stubEnv('XDG_STATE_HOME', state);
  const loading = import('../../../src/engine/store/open-job-store.js');
  afterEach(() => rmSync(state, { recursive: true, force: true }));
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true });
  });

  it('makes the default store in the state directory and closes that to others', async () => {
    mkdirSync(join(state, 'goal-lane'), { recursive: true, mode: 0o755 });
    const { openJobStore } = await loading;
    await (await openJobStore()).close();
    expect(existsSync(join(state, 'goal-lane/jobs.db'))).toBe(true);
    expect(statSync(join(state, 'goal-lane')).mode & 0o777).toBe(0o700);
  });

  it('keeps :memory: off the disk', async () => {
    const { openJobStore } = await loading;
    const store = await openJobStore({ path: ':memory:' });
    expect((await store.list()).records).toEqual([]);
    await store.close();
    expect([existsSync(state), existsSync(':memory:')]).toEqual([false, false]);
  });
});
