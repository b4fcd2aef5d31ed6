import { expect, it } from 'vitest';
import type { EmulatedCheckpoint } from '../../../src/adapters/emulator/model/workflow.js';
import { createMemoryStore } from '../../../src/engine/store/index.js';
import { driversOf } from '../../../src/engine/store/lease/job-drivers.js';
import type { StoreOwner } from '../../../src/engine/store/lease/job-lease.js';
import { currentOwner } from '../../../src/engine/store/lease/process-liveness.js';
import { laneScene, plainWorkflow, settle } from './lane-scene.js';

const checkpoint: EmulatedCheckpoint = {
  checkpointId: 'cp',
  at: 0.5,
  stepOutputPreview: 'Look at this.',
  slots: [{ slotId: 'tone', type: 'text' }],
};
const workflows = [
  plainWorkflow('plain', 20_000),
  {
    ...plainWorkflow('asking', 20_000),
    execution: { durationMs: 20_000, steps: ['work'], checkpoints: [checkpoint] },
  },
];

it('shows a stored job to a lane that does not drive it: what is asked, its files, who drives it', async () => {
  const scene = laneScene({ workflows });
  const store = createMemoryStore();
  const [driving, looking] = [scene.lane({ store }), scene.lane({ store })];
  const job = driving.start({ id: 'a', workflowId: 'asking', files: ['/home/someone/a.txt'] });
  await scene.clock.runUntil(() => job.view().needs === 'slots');
  await scene.clock.advance(2_000);
  const kept = await looking.look('a');
  const { request, files, since } = job.view();
  expect(kept).toMatchObject({ id: 'a', view: { state: 'slot_needed', needs: 'slots', request, since } });
  expect(kept?.view.files).toEqual(files);
  expect((await looking.stored()).jobs).toMatchObject([{ id: 'a', driver: { pid: process.pid } }]);
  await settle(scene, job.detach());
  expect((await looking.look('a'))?.view).toMatchObject({ state: 'detached', detachReason: 'requested' });
  expect((await looking.stored()).jobs[0]).not.toHaveProperty('driver');
  expect(await looking.look('nobody')).toBeUndefined();
  await settle(scene, Promise.all([driving.close(), looking.close()]));
});

it('shows how a job ended in an earlier process, with the result that was saved', async () => {
  const scene = laneScene({ workflows });
  const store = createMemoryStore();
  const before = scene.lane({ store });
  const job = before.start({ id: 'a', workflowId: 'plain', files: ['/home/someone/a.txt'] });
  await settle(scene, job.result());
  const { result, jobSpecId, files } = job.view();
  await settle(scene, before.close());
  const kept = await scene.lane({ store }).look('a');
  expect(kept?.view).toMatchObject({ state: 'completed', path: 'completed', jobSpecId, result, files });
  expect(kept?.view.retention.resultExpiresAt).toBeGreaterThan(0);
});

it('does not show a driver whose process is gone, or whose heartbeat is too old', () => {
  const here = currentOwner();
  const far: StoreOwner = { id: 'far', pid: 7, host: 'elsewhere pid:[1]', startedAt: '' };
  const lease = (jobId: string, owner: StoreOwner, expiresAt: number) => ({
    jobId,
    owner,
    token: 1,
    expiresAt,
    ttlMs: 30_000,
  });
  const leases = [lease('a', here, 0), lease('b', far, 20_000), lease('c', far, 5_000)];
  expect(Object.fromEntries(driversOf(leases, 10_000, () => false))).toEqual({
    a: { pid: process.pid },
    b: { pid: 7, machine: 'elsewhere' },
  });
  expect(driversOf(leases, 10_000, ({ id }) => id === here.id).has('a')).toBe(false);
});
