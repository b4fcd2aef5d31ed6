import { expect, it } from 'vitest';
import type { JobStore } from '../../../src/engine/store/job-store.js';
import { createMemoryStore } from '../../../src/engine/store/memory/memory-store.js';
import { turnCounter } from '../../support/turn-counter.js';
import { createWorld } from '../durable/world.js';
import { laneScene, plainWorkflow } from './lane-scene.js';

const JOBS = 150;
/** More at once would block the event loop of a lane with a hundred thousand jobs for seconds. */
const MOST_A_TURN = 64;

it('a lane resumes many jobs a few in each turn of the event loop', async () => {
  const store = createMemoryStore();
  const before = createWorld(store).open('before');
  for (let at = 0; at < JOBS; at += 1) await before.start({ jobSpecId: `job_${at}` }, { id: `job-${at}` });
  await before.close();

  const loads = turnCounter();
  const watched: JobStore = {
    ...store,
    load(id) {
      loads.note();
      return store.load(id);
    },
  };
  const scene = laneScene({ workflows: [plainWorkflow('wf', 20_000)] });
  const after = scene.lane({ store: watched });
  const { handles, refused } = await after.resume();
  expect([handles.length, refused]).toEqual([JOBS, []]);
  expect(await loads.end()).toBeLessThanOrEqual(MOST_A_TURN);
  await after.close();
});
