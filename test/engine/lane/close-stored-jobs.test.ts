import { expect, it } from 'vitest';
import { createMemoryStore, type JobStore } from '../../../src/engine/store/index.js';
import { laneScene, plainWorkflow, settle, statuses } from './lane-scene.js';

it('a lane that closes releases the leases of its jobs together', async () => {
  const scene = laneScene({ workflows: [plainWorkflow('wf', 3_600_000)] });
  const store = createMemoryStore();
  let single = 0;
  const watched: JobStore = {
    ...store,
    releaseLease(lease) {
      single += 1;
      return store.releaseLease(lease);
    },
  };
  const lane = scene.lane({ store: watched, concurrency: 5 });
  const handles = ['a', 'b', 'c'].map((id) => lane.start({ id, workflowId: 'wf', files: ['a.txt'] }));
  await scene.clock.advance(60_000);
  expect((await store.leases()).map(({ jobId }) => jobId).sort()).toEqual(['a', 'b', 'c']);
  // One that is still being stored for the first time is closed like the others.
  handles.push(lane.start({ id: 'late', workflowId: 'wf', files: ['a.txt'] }));
  await settle(scene, lane.close());
  expect(single).toBe(0);
  expect(await store.leases()).toEqual([]);
  expect(statuses(await Promise.all(handles.map((handle) => handle.result())))).toEqual(['detached']);
  expect(await store.counts()).toEqual({ detached: 4 });
});
