import { existsSync, mkdirSync, statSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useStoreDirectory } from './store-directory.js';

describe('openJobStore', () => {
  const directory = useStoreDirectory();
  afterEach(() => vi.unstubAllEnvs());

  /** The state directory is read when its library is loaded. */
  async function load() {
    vi.resetModules();
    return import('../../../src/engine/store/open-job-store.js');
  }

  it('makes the default store in the state directory and closes that to others', async () => {
    vi.stubEnv('XDG_STATE_HOME', directory.path('state'));
    mkdirSync(directory.path('state/goal-lane'), { recursive: true, mode: 0o755 });
    const { openJobStore } = await load();
    await (await openJobStore()).close();
    expect(existsSync(directory.path('state/goal-lane/jobs.db'))).toBe(true);
    expect(statSync(directory.path('state/goal-lane')).mode & 0o777).toBe(0o700);
  });

  it('keeps :memory: off the disk', async () => {
    vi.stubEnv('XDG_STATE_HOME', directory.path('state'));
    const { openJobStore } = await load();
    const store = await openJobStore({ path: ':memory:' });
    expect((await store.list()).records).toEqual([]);
    await store.close();
    expect([existsSync(directory.path('state')), existsSync(':memory:')]).toEqual([false, false]);
  });
});
