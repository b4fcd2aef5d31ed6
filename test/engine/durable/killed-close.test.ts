import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, expect, it } from 'vitest';
import { isProcessGone, openSqliteStore } from '../../../src/engine/store/index.js';
import { useStoreDirectory } from '../store/store-directory.js';
import { createWorld } from './world.js';

// Within node_modules, so that the bundle finds the packages that it leaves outside.
const BUNDLE = fileURLToPath(
  new URL('../../../node_modules/.cache/goal-lane/closing-child.mjs', import.meta.url),
);
const directory = useStoreDirectory();
/** More than three parts. */
const JOBS = 120;
const DETACHED = 50;

beforeAll(() =>
  build({
    entryPoints: [fileURLToPath(new URL('./closing-child.ts', import.meta.url))],
    outfile: BUNDLE,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  }),
);

it('a process that is killed while it closes loses no job, and the next takes all of them over', async () => {
  const path = directory.path('killed.db');
  const child = spawnSync(process.execPath, [BUNDLE, path, String(JOBS), String(DETACHED)], {
    encoding: 'utf8',
  });
  expect(child.signal).toBe('SIGKILL');
  const { saved, amended } = JSON.parse(child.stdout);
  expect(saved + amended).toBe(DETACHED);
  expect(Math.min(saved, amended)).toBeGreaterThan(0);

  const store = await openSqliteStore({ path, isGone: isProcessGone });
  const { records, unreadable } = await store.list();
  const detached = records.filter(({ state }) => state === 'detached').length;
  expect([records.length, unreadable]).toEqual([JOBS, []]);
  expect(detached).toBeGreaterThanOrEqual(DETACHED);
  expect(detached).toBeLessThan(JOBS);

  const next = createWorld(store).open('next');
  const { handles, refused } = await next.resumeAll();
  expect([handles.length, refused]).toEqual([JOBS, []]);
  const owners = new Set((await store.leases()).map(({ owner }) => owner.id));
  expect([...owners]).toEqual(['next']);
  await next.close();
  expect(await store.leases()).toEqual([]);
  await store.close();
}, 30_000);
