import { describe, expect, it } from 'vitest';
import { keyLabel } from '../../../src/adapters/node/key-label.js';
import type { Clock } from '../../../src/engine/binding/clock.js';
import { createStoredJobs } from '../../../src/engine/durable/index.js';
import { createMemoryStore } from '../../../src/engine/store/index.js';
import { DEFAULT_BASE_URL } from '../../../src/services/check-options.js';
import { scriptedPorts } from '../../support/scripted-ports.js';
import { laneScene, plainWorkflow, sameFiles, settle, statuses } from './lane-scene.js';

const workflows = [plainWorkflow('wf', 20_000)];
const newJob = (id: string) => ({ id, workflowId: 'wf', files: ['a.txt'] });

describe('a lane with a store', () => {
  it('has a handle at once, which is the real one from then on', async () => {
    const scene = laneScene({ workflows });
    const store = createMemoryStore();
    const lane = scene.lane({ store });
    const handle = lane.start(newJob('a'));
    expect(handle.view()).toMatchObject({ path: 'preparing.starting', workflowId: 'wf' });
    const types: string[] = [];
    handle.on('*', ({ type }) => types.push(type));
    const output = await settle(scene, handle.result());
    expect(output.status).toBe('completed');
    expect(types).toContain('created');
    expect(types.at(-1)).toBe('completed');
    expect((await store.load('a'))?.state).toBe('completed');
    await settle(scene, lane.close());
  });

  it('says so in the result where a job cannot be stored, and sends nothing', async () => {
    const scene = laneScene({ workflows });
    const store = createMemoryStore();
    await store.close();
    const lane = scene.lane({ store });
    const handle = lane.start(newJob('a'));
    const output = await settle(scene, handle.result());
    expect(output.status).toBe('failed');
    expect(scene.model.log).toEqual([]);
    expect(lane.budget().places.taken).toBe(0);
  });

  it('disowns no job that exists already, where it cannot be stored', async () => {
    const scene = laneScene({ workflows });
    const store = createMemoryStore();
    await store.close();
    const handle = scene.lane({ store }).start({ jobSpecId: 'job_1' });
    const types: string[] = [];
    handle.on('*', ({ type }) => types.push(type));
    expect(await settle(scene, handle.result())).toMatchObject({
      status: 'detached',
      reason: 'local-failure',
      jobSpecId: 'job_1',
      failure: { kind: 'storage' },
    });
    expect(types).toEqual(['detached']);
    expect(scene.model.log).toEqual([]);
  });

  it('continues after a restart: running jobs first, then the queue in its order', async () => {
    const scene = laneScene({ workflows });
    const store = createMemoryStore();
    const before = scene.lane({ store, concurrency: 1 });
    for (const id of ['a', 'b', 'c']) before.start(newJob(id));
    before.start({ ...newJob('urgent'), priority: 1 });
    await scene.clock.advance(10_000);
    expect(before.job('b')?.view().path).toBe('preparing.queued');
    await settle(scene, before.close());
    expect(statuses(await Promise.all(before.jobs().map((handle) => handle.result())))).toEqual(['detached']);

    const after = scene.lane({ store, concurrency: 1 });
    const order: string[] = [];
    after.on('completed', ({ jobId }) => order.push(jobId));
    const { handles, refused } = await settle(scene, after.resume());
    expect(refused).toEqual([]);
    expect(handles).toHaveLength(4);
    after.start(newJob('new'));
    await settle(scene, after.close({ drain: true }));
    expect(order[0]).toBe('a');
    expect(order.slice(1)).toEqual(['urgent', 'b', 'c', 'new']);
    expect(scene.count('create')).toBe(5);
  });

  it('keeps order and priority through a kill that came before the lane had stored its queue', async () => {
    const scene = laneScene({ workflows });
    const store = createMemoryStore({ isGone: () => true });
    let isKilled = false;
    const mortal: Clock = {
      ...scene.clock,
      schedule: (at, call) => scene.clock.schedule(at, () => (isKilled ? undefined : call())),
    };
    const before = scene.lane({ store, clock: mortal, concurrency: 1 });
    before.start(newJob('first'));
    before.start(newJob('known'));
    await scene.clock.advance(10_000);
    for (const id of ['z', 'm', 'a']) before.start(newJob(id));
    before.start({ ...newJob('idle'), priority: -1 });
    before.start({ ...newJob('urgent'), priority: 1 });
    before.start({ ...newJob('above all'), priority: Number.POSITIVE_INFINITY });
    await scene.clock.advance(50);
    isKilled = true;

    const after = scene.lane({ store, concurrency: 1 });
    const order: string[] = [];
    after.on('completed', ({ jobId }) => order.push(jobId));
    const resumption = await settle(scene, after.resume());
    expect(resumption.refused).toEqual([]);
    after.start(newJob('new'));
    await settle(scene, after.close({ drain: true }));
    expect(order).toEqual(['first', 'above all', 'urgent', 'known', 'z', 'm', 'a', 'new', 'idle']);
  });

  it('lets jobs that no lane has started wait behind the stored order, oldest first', async () => {
    const scene = laneScene({ workflows });
    const store = createMemoryStore();
    const alone = createStoredJobs({
      store,
      clock: scene.clock,
      files: sameFiles,
      ports: {
        ...scriptedPorts(scene.clock).ports,
        inspectFiles: (_, { signal }) =>
          new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      },
    });
    for (const id of ['z', 'm', 'a', 'in order']) {
      await alone.start({ workflowId: 'wf', files: ['a.txt'] }, { id });
      await scene.clock.advance(10);
    }
    await alone.close();
    await store.saveLane(keyLabel(scene.model.apiKey, DEFAULT_BASE_URL), {
      queueOrder: ['in order'],
      updatedAt: 0,
    });
    const lane = scene.lane({ store, concurrency: 1 });
    const order: string[] = [];
    lane.on('completed', ({ jobId }) => order.push(jobId));
    await settle(scene, lane.resume());
    await settle(scene, lane.close({ drain: true }));
    expect(order).toEqual(['in order', 'z', 'm', 'a']);
  });

  it('honours the creations of the day across a restart', async () => {
    const scene = laneScene({ plan: 'free', workflows });
    const store = createMemoryStore();
    const before = scene.lane({ store, plan: 'free' });
    for (let at = 0; at < 11; at += 1) before.start(newJob(`j${at}`));
    await scene.clock.advance(180_000);
    expect(scene.count('create')).toBe(10);
    await settle(scene, before.close());

    const after = scene.lane({ store, plan: 'free' });
    const { handles } = await settle(scene, after.resume());
    expect(handles.map(({ id }) => id)).toEqual(['j10']);
    const late = after.start(newJob('late'));
    await scene.clock.advance(60_000);
    expect(scene.count('create')).toBe(10);
    for (const handle of [...handles, late]) {
      expect(handle.view().waitingUntil).toBeGreaterThanOrEqual(Date.UTC(2026, 2, 31));
    }
    await settle(scene, after.close({ drain: true }));
    expect(scene.count('create')).toBe(12);
    expect(scene.refusals()).toEqual([]);
  });

  it('remembers what workflows are like, and never the key', async () => {
    const scene = laneScene({ workflows });
    const store = createMemoryStore();
    const lane = scene.lane({ store });
    lane.start(newJob('a'));
    await settle(scene, lane.close({ drain: true }));
    const label = keyLabel(scene.model.apiKey, DEFAULT_BASE_URL);
    expect(label).not.toContain(scene.model.apiKey);
    const record = await store.loadLane(label);
    const duration = expect.objectContaining({ count: 1, mean: expect.closeTo(Math.log(20_000), 0.2) });
    expect(record?.history).toMatchObject({ wf: { segments: [{ duration }] } });
    expect(JSON.stringify(record)).not.toContain(scene.model.apiKey);
  });

  it('starts learning again if what is stored makes no sense', async () => {
    const scene = laneScene({ workflows });
    const store = createMemoryStore();
    await store.saveLane(keyLabel(scene.model.apiKey, DEFAULT_BASE_URL), {
      budget: { create: { remaining: 'many', resetAt: -5 }, status: 7 },
      queueOrder: ['ghost'],
      history: { wf: { version: 1, segments: [{ duration: { count: Number.MAX_VALUE, mean: 'x' } }] } },
      updatedAt: 0,
    });
    const lane = scene.lane({ store });
    const handle = lane.start(newJob('a'));
    expect((await settle(scene, handle.result())).status).toBe('completed');
  });
});
