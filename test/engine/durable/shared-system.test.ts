import { expect, it } from 'vitest';
import { createMemoryStore } from '../../../src/engine/store/memory/memory-store.js';
import { createWorld } from './world.js';

it('jobs that share a system are roots: one is stopped from outside, and the other ends', async () => {
  const w = createWorld(createMemoryStore());
  const jobs = w.open('here');
  const [stopped, other] = [
    await jobs.start({ jobSpecId: 'job_1' }),
    await jobs.start({ jobSpecId: 'job_2' }),
  ];
  expect(stopped.actor.system).toBe(other.actor.system);
  stopped.actor.stop();
  expect(await stopped.result()).toMatchObject({ status: 'detached', reason: 'local-failure' });
  expect(other.actor.getSnapshot().status).toBe('active');
  await other.detach();
  expect(other.actor.getSnapshot().status).toBe('done');
  await jobs.close();
});

it('a job that is inspected has a system of its own, whose inspector sees no other job', async () => {
  const w = createWorld(createMemoryStore());
  const seen = new Set<string>();
  const inspected = w.open('inspected', { inspect: ({ rootId }) => void seen.add(rootId) });
  const [first, second] = [
    await inspected.start({ jobSpecId: 'job_1' }),
    await inspected.start({ jobSpecId: 'job_2' }),
  ];
  expect(first.actor.system).not.toBe(second.actor.system);
  expect(seen).toEqual(new Set([first.actor.sessionId, second.actor.sessionId]));
  await inspected.close();
});
