import { expect, it } from 'vitest';
import type { JobStore } from '../../../src/engine/store/job-store.js';
import { createMemoryStore } from '../../../src/engine/store/memory/memory-store.js';
import { turnCounter } from '../../support/turn-counter.js';
import { createWorld } from './world.js';

const JOBS = 40;
/** As while the garbage collector marks a heap of gigabytes. */
const SLOW_MS = 4;

const work = (ms: number): void => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

it('while a process is slow, the history of only a few resumed jobs is written in a turn', async () => {
  const store = createMemoryStore();
  const before = createWorld(store).open('before');
  for (let at = 0; at < JOBS; at += 1) await before.start({ jobSpecId: `job_${at}` }, { id: `job-${at}` });
  await before.close();

  const reads = turnCounter();
  const slow: JobStore = {
    ...store,
    async history(...args) {
      reads.note();
      work(SLOW_MS);
      return (await store.history?.(...args)) ?? { entries: [] };
    },
  };
  const after = createWorld(slow).open('after');
  const { handles } = await after.resumeAll();
  await after.close();
  const most = await reads.end();
  expect(handles).toHaveLength(JOBS);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(4);
});
