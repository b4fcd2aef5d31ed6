import { describe, expect, it } from 'vitest';
import type { StoredJobHandle, StoredJobs } from '../../../src/engine/durable/index.js';
import { isStoredJobError } from '../../../src/engine/durable/index.js';
import { createCrashGate } from './crash-gate.js';
import { STORE_KINDS, type StoreKind } from './stores.js';
import { createWorld, INPUT, isOver, type World } from './world.js';

const ALL = ['start', 'outline', 'review'];

/** A first process that dies at a point of the job; `undefined` never dies. */
async function firstProcess(world: World, crashAt?: number) {
  const gate = createCrashGate(crashAt);
  const jobs = world.open('first', { store: gate.store(world.store), ports: gate.ports(world.ports) });
  const started = jobs.start(INPUT, { id: 'one' });
  let handle: StoredJobHandle | undefined;
  started.then((given) => {
    handle = given;
  });
  await world.clock.runUntil(() => gate.isDead() || (handle !== undefined && isOver(handle)), 120_000);
  if (!gate.isDead()) await handle?.result();
  return gate;
}

/** The process that resumes decides about a create with unknown outcome, as a person would who looks at the account. */
async function decide(world: World, handle: StoredJobHandle): Promise<void> {
  await world.untilOver(handle);
  if (handle.view().path !== 'preparing.outcomeUnknown') return;
  handle.send(world.server.exists() ? { type: 'ADOPT', jobSpecId: 'job_1' } : { type: 'RETRY' });
  await world.clock.runUntil(() => isOver(handle));
}

async function resumed(world: World, jobs: StoredJobs): Promise<StoredJobHandle> {
  try {
    return await jobs.resume('one');
  } catch (error) {
    if (!isStoredJobError(error) || error.reason !== 'not-found') throw error;
    // It died before it had stored the job: then it had sent nothing either.
    expect(world.server.log.uploads).toEqual([]);
    expect(world.server.exists()).toBe(false);
    return jobs.start(INPUT, { id: 'one' });
  }
}

async function dieAndGoOn(kind: StoreKind, crashAt: number): Promise<void> {
  const store = await kind.open(() => true);
  const world = createWorld(store);
  const gate = await firstProcess(world, crashAt);
  const jobs = world.open('second');
  const [record] = await jobs.list();
  if (record?.state === 'completed') {
    expect(world.server.log.answered).toEqual(ALL);
  } else {
    const handle = await resumed(world, jobs);
    await decide(world, handle);
    expect(await handle.result(), gate.names.at(-1)).toMatchObject({
      status: 'completed',
      saved: { file: '/out/output.zip' },
    });
  }
  const { log } = world.server;
  expect(
    { creates: log.creates, answered: log.answered, confirmed: log.confirmed },
    gate.names.at(-1),
  ).toEqual({
    creates: 1,
    answered: ALL,
    confirmed: ALL,
  });
  const gaps = log.statusReads.slice(1).map((at, index) => at - (log.statusReads[index] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2_000);
  await jobs.close();
  await store.close();
}

describe.each(STORE_KINDS)('a job on the %s store whose process dies', (_, make) => {
  const kind = make();

  it('continues from every point: one create, every checkpoint answered once', {
    timeout: 60_000,
  }, async () => {
    const store = await kind.open(() => true);
    const { names } = await firstProcess(createWorld(store));
    await store.close();
    expect(names.filter((name) => name === 'before confirmJob')).toHaveLength(3);
    expect(names.length).toBeGreaterThan(60);
    // The points are the same on every store: where each costs a file of its own, every third one is enough.
    const step = kind.directory ? 3 : 1;
    for (let crashAt = 0; crashAt < names.length; crashAt += step) await dieAndGoOn(kind, crashAt);
  });
});
