import { expect, it } from 'vitest';
import type { JobStore } from '../../../src/engine/store/job-store.js';
import { createMemoryStore } from '../../../src/engine/store/memory/memory-store.js';
import { turnCounter } from '../../support/turn-counter.js';
import { createWorld } from './world.js';

const JOBS = 300;
/** Of a hundred thousand, so many take some tens of ms. */
const MOST_A_TURN = 64;

it('many jobs are resumed, and detached, a few in each turn of the event loop', async () => {
  const store = createMemoryStore();
  const w = createWorld(store);
  const before = w.open('before');
  for (let at = 0; at < JOBS; at += 1) await before.start({ jobSpecId: `job_${at}` }, { id: `job-${at}` });
  await before.close();

  const [loads, saves, histories, leases] = [turnCounter(), turnCounter(), turnCounter(), [] as number[]];
  const watched: JobStore = {
    ...store,
    load(id) {
      loads.note();
      return store.load(id);
    },
    save(...args) {
      saves.note();
      return store.save(...args);
    },
    appendHistory: async (batch) => {
      for (const _ of batch) histories.note();
      await store.appendHistory?.(batch);
    },
    acquireLeases(ids, claim) {
      leases.push(ids.length);
      return store.acquireLeases(ids, claim);
    },
    list: () => Promise.reject(new Error('read with their snapshots')),
  };
  const after = createWorld(watched).open('after');
  const { handles, refused } = await after.resumeAll();
  expect([handles.length, refused]).toEqual([JOBS, []]);
  expect(await loads.end()).toBeLessThanOrEqual(MOST_A_TURN);
  await after.close();
  expect(await saves.end()).toBeLessThanOrEqual(MOST_A_TURN);
  const written = await histories.end();
  expect(written).toBeGreaterThan(0);
  expect(written).toBeLessThanOrEqual(MOST_A_TURN);
  expect(Math.max(...leases)).toBeLessThanOrEqual(500);
  expect(await store.leases()).toEqual([]);
});
