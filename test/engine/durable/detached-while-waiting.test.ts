import { describe, expect, it } from 'vitest';
import { timePorts } from '../../../src/engine/binding/time-ports.js';
import type { StoredJobHandle } from '../../../src/engine/durable/index.js';
import type { JobHandleEvent } from '../../../src/engine/job/job-handle.js';
import type { JobStore } from '../../../src/engine/store/job-store.js';
import { StoreError } from '../../../src/engine/store/store-error.js';
import type { JobPorts } from '../../../src/machines/ports.js';
import type { Failure } from '../../../src/services/failure.js';
import { createSteppingClock } from '../../support/stepping-clock.js';
import { STORE_KINDS } from './stores.js';
import { createWorld, INPUT, type World } from './world.js';

const refuse = (failure: Partial<Failure>) => async (): Promise<never> => {
  throw { message: 'no', advice: 'none', delivery: 'refused', ...failure };
};

type Ports = (world: World) => Partial<JobPorts>;
type Wait = readonly [path: string, ports: Ports, runsMs?: number];

/** Where a job waits, the ports with which it does, and for how long it may run, in ms. */
const WAITS: readonly Wait[] = [
  ['executing.awaitingTurn', () => ({})],
  [
    'confirming.rateLimited',
    ({ clock }) => ({ getStatus: refuse({ kind: 'rate-limited', retryAt: clock.now() + 60_000 }) }),
    3_600_000,
  ],
  ['confirming.backingOff', () => ({ getStatus: refuse({ kind: 'network', delivery: 'unknown' }) })],
];

const until = async ({ clock }: World, handle: StoredJobHandle, path: string): Promise<void> => {
  expect(await clock.runUntil(() => handle.view().path === path, 600_000)).toBe(true);
};

async function read(events: AsyncIterable<JobHandleEvent>): Promise<readonly JobHandleEvent[]> {
  const all: JobHandleEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** The ticket of a create is random. */
const withoutTickets = <Value>(value: Value): Value =>
  JSON.parse(JSON.stringify(value).replaceAll(/"ticket":"[^"]*"/g, '"ticket":""'));

/** What a host, and the next process, learn of a job that is closed while it waits. */
async function closed(store: JobStore, [path, portsOf, runsMs]: Wait, isShown: boolean) {
  const w = createWorld(store, 1_000);
  const jobs = w.open('first', { ports: { ...w.ports, ...portsOf(w) } });
  const deadline = runsMs === undefined ? {} : { deadlineAt: w.clock.now() + runsMs };
  const handle = await jobs.start({ ...INPUT, ...deadline }, { id: 'one' });
  const heard: JobHandleEvent[] = [];
  handle.on('*', (event) => heard.push(event));
  const events = read(handle.events());
  const result = handle.result();
  await until(w, handle, path);
  await w.clock.advance(100);
  expect(handle.view().path).toBe(path);
  // A host that has the actor may observe each step of the machine.
  if (isShown) expect(handle.actor.getSnapshot().status).toBe('active');
  await jobs.close();
  await w.clock.advance(5_000);
  const { value, context, status, output } = handle.actor.getSnapshot();
  const learned = {
    outputs: [await result, await handle.detach()],
    heard,
    events: await events,
    snapshot: { value, context, status, output },
    view: handle.view(),
    record: await store.load('one'),
    page: await store.page(),
    history: await store.history?.('one'),
    leases: await store.leases(),
  };
  const next = await w.open('next').resume('one');
  const resumed = next.view();
  return withoutTickets({ ...learned, resumed });
}

describe.each(STORE_KINDS)('a job of a %s store that is closed while it waits', (_, make) => {
  const kind = make();

  it.each(WAITS.map((wait) => ({ path: wait[0], wait })))(
    '$path: is seen as one of which each step was observed',
    async ({ path, wait }) => {
      const stores = [await kind.open(), await kind.open()] as const;
      const quiet = await closed(stores[0], wait, false);
      expect(quiet).toEqual(await closed(stores[1], wait, true));
      expect(quiet).toMatchObject({
        outputs: [{ status: 'detached', jobSpecId: 'job_1', reason: 'requested' }, { status: 'detached' }],
        view: { state: 'detached', detachReason: 'requested' },
        record: { state: 'detached', waitsFor: { reason: 'resume (requested)' } },
        leases: [],
        resumed: { path },
      });
      expect(quiet.heard.at(-1)).toMatchObject({ type: 'detached', reason: 'requested' });
      for (const store of stores) await store.close();
    },
  );

  it('ignores what is sent to it afterwards', async () => {
    const store = await kind.open();
    const w = createWorld(store);
    let reads = 0;
    const unreachable = refuse({ kind: 'network', delivery: 'unknown' });
    const getStatus: JobPorts['getStatus'] = () => {
      reads += 1;
      return unreachable();
    };
    const jobs = w.open('first', { ports: { ...w.ports, getStatus } });
    const handle = await jobs.start(INPUT, { id: 'one' });
    await until(w, handle, 'confirming.backingOff');
    await jobs.close();
    const before = reads;
    handle.confirm();
    // What would end the wait before its time.
    handle.send({ type: 'RETRY' });
    await w.clock.advance(60_000);
    expect(reads).toBe(before);
    expect(await handle.submitSlots({ tone: 'plain' })).toEqual({ status: 'closed' });
    expect(handle.view().state).toBe('detached');
    await store.close();
  });

  it('is stored with what was not stored yet', async () => {
    const store = await kind.open();
    const w = createWorld(store, 1_000);
    let progress = 10;
    const getStatus: JobPorts['getStatus'] = async (...args) => {
      progress += 1;
      return { ...(await w.ports.getStatus(...args)), progress };
    };
    const jobs = w.open('first', { lazyMs: 3_600_000, ports: { ...w.ports, getStatus } });
    const handle = await jobs.start(INPUT, { id: 'one' });
    await w.clock.runUntil(() => handle.view().progress === 15);
    await until(w, handle, 'executing.awaitingTurn');
    expect((await store.load('one'))?.progress).toBeLessThan(15);
    await jobs.close();
    expect(await store.load('one')).toMatchObject({
      state: 'detached',
      progress: 15,
      snapshot: { context: { progress: 15 } },
    });
    await store.close();
  });

  it('is stored with the times of a wall clock that was set', async () => {
    const store = await kind.open();
    const w = createWorld(store, 1_000);
    const clock = createSteppingClock(w.clock);
    const retryAt = w.clock.now() + 600_000;
    const getStatus = refuse({ kind: 'rate-limited', retryAt });
    const jobs = w.open('first', { clock, ports: { ...w.ports, ...timePorts(clock), getStatus } });
    const handle = await jobs.start(INPUT, { id: 'one' });
    await until(w, handle, 'confirming.rateLimited');
    await w.clock.advance(2_000);
    const before = Reflect.get(Object((await store.load('one'))?.snapshot), 'context');
    clock.set(3_600_000);
    await jobs.close();
    const { state, snapshot } = (await store.load('one')) ?? {};
    expect(state).toBe('detached');
    expect(Reflect.get(Object(snapshot), 'context').waitUntil).toBe(before.waitUntil + 3_600_000);
    await store.close();
  });

  it('is stored as a whole if it cannot be amended', async () => {
    const store = await kind.open();
    let amendments = 0;
    const failing: JobStore = {
      ...store,
      amend() {
        amendments += 1;
        return Promise.reject(new StoreError('full-disk', 'planted'));
      },
    };
    const w = createWorld(failing, 1_000);
    const jobs = w.open('first');
    const handle = await jobs.start(INPUT, { id: 'one' });
    await until(w, handle, 'executing.awaitingTurn');
    await w.clock.advance(100);
    await jobs.close();
    expect(amendments).toBe(1);
    expect(await store.load('one')).toMatchObject({ state: 'detached' });
    expect(await store.leases()).toEqual([]);
    await store.close();
  });
});
