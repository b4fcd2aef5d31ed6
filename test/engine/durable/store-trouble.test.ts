import { rmSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import type { StoredJobsWarning } from '../../../src/engine/durable/index.js';
import type { JobStore } from '../../../src/engine/store/job-store.js';
import { openSqliteStore } from '../../../src/engine/store/sqlite/sqlite-store.js';
import { StoreError } from '../../../src/engine/store/store-error.js';
import type { JobPorts } from '../../../src/machines/ports.js';
import { useStoreDirectory } from '../store/store-directory.js';
import { STORE_KINDS } from './stores.js';
import { createWorld, INPUT } from './world.js';

const LOCKED = new StoreError('locked', 'The store is held by another process.');

/** A store that saves nothing as long as it is said to be broken, or only no record that announces an effect. */
function breakable(store: JobStore) {
  const state: { isBroken: boolean | 'for effects' } = { isBroken: false };
  const broken: JobStore = {
    ...store,
    save: async (record, options) => {
      if (state.isBroken === true || (state.isBroken && options.effect)) throw LOCKED;
      return store.save(record, options);
    },
  };
  return { state, broken };
}

function collector() {
  const warnings: StoredJobsWarning[] = [];
  return {
    onWarning: (warning: StoredJobsWarning) => void warnings.push(warning),
    types: () => warnings.map((warning) => warning.type),
    all: warnings,
  };
}

describe.each(STORE_KINDS)('a %s store that fails', (_, make) => {
  const kind = make();

  it('before anything was sent ends nothing: the job stands where it stood, and can be resumed', async () => {
    const w = createWorld(await kind.open());
    const { state, broken } = breakable(w.store);
    const loadCatalog: JobPorts['loadCatalog'] = (input, options) => {
      state.isBroken = 'for effects';
      return w.ports.loadCatalog(input, options);
    };
    const first = w.open('a', { store: broken, ports: { ...w.ports, loadCatalog } });
    const handle = await first.start(INPUT, { id: 'one' });
    await w.untilOver(handle);
    state.isBroken = false;
    expect(await handle.result()).toMatchObject({
      status: 'failed',
      failure: { kind: 'storage', message: LOCKED.message, delivery: 'not-sent' },
    });
    expect(w.server.log).toMatchObject({ uploads: [], creates: 0 });
    expect(await w.store.load('one')).toMatchObject({ state: 'preparing' });
    const resumed = await w.open('b').resume('one');
    await w.untilOver(resumed);
    expect(await resumed.result()).toMatchObject({ status: 'completed' });
    expect(w.server.log.creates).toBe(1);
  });

  it('while a job runs gets its state as soon as it works again, without another change', async () => {
    const w = createWorld(await kind.open(), 100_000);
    const { state, broken } = breakable(w.store);
    const confirmJob: JobPorts['confirmJob'] = async (input, options) => {
      state.isBroken = true;
      return w.ports.confirmJob(input, options);
    };
    const jobs = w.open('a', { store: broken, ports: { ...w.ports, confirmJob } });
    const handle = await jobs.start(INPUT, { id: 'one' });
    await w.untilAt(handle, 'executing.awaitingTurn');
    await w.clock.advance(60_000);
    expect((await w.store.load('one'))?.state).not.toBe('executing');
    state.isBroken = false;
    await w.clock.advance(31_000);
    expect(await w.store.load('one')).toMatchObject({ state: 'executing' });
  });

  it('at the end of a job gets that end for some seconds more', async () => {
    const w = createWorld(await kind.open());
    const { state, broken } = breakable(w.store);
    const reported = collector();
    const handle = await w.open('a', { store: broken, ...reported }).start(INPUT, { id: 'one' });
    await w.untilAt(handle, 'executing.awaitingTurn');
    state.isBroken = true;
    await w.untilOver(handle);
    await w.clock.advance(1_500);
    state.isBroken = false;
    await w.clock.advance(5_000);
    expect(await handle.result()).toMatchObject({ status: 'completed' });
    expect(await w.store.load('one')).toMatchObject({ state: 'completed' });
    expect(reported.types()).not.toContain('end-unsaved');
  });

  it('at the end of a job, if permanent, is reported plainly; the job is free for another process', async () => {
    const w = createWorld(await kind.open());
    const { state, broken } = breakable(w.store);
    const reported = collector();
    const handle = await w.open('a', { store: broken, ...reported }).start(INPUT, { id: 'one' });
    await w.untilAt(handle, 'executing.awaitingTurn');
    state.isBroken = true;
    await w.untilOver(handle);
    await w.clock.advance(60_000);
    expect(await handle.result()).toMatchObject({ status: 'completed' });
    expect(reported.all.filter((warning) => warning.type === 'end-unsaved')).toEqual([
      { type: 'end-unsaved', jobId: 'one' },
    ]);
    expect(w.clock.pending()).toBe(0);
    const resumed = await w.open('b').resume('one');
    await w.untilOver(resumed);
    expect(await resumed.result()).toMatchObject({ status: 'completed' });
    expect(w.server.log.creates).toBe(1);
  });
});

describe('a store file that is removed while jobs run', () => {
  const directory = useStoreDirectory();

  it('is reported at the next heartbeat, and every running job is in the new one', async () => {
    const path = directory.path('jobs.db');
    const store = await openSqliteStore({ path });
    const w = createWorld(store, 100_000);
    const reported = collector();
    const jobs = w.open('a', reported);
    for (const id of ['one', 'two'])
      await w.untilAt(await jobs.start(INPUT, { id }), 'executing.awaitingTurn');
    await w.clock.advance(60_000);
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix);
    expect(reported.types()).toEqual([]);
    await w.clock.advance(10_000);
    // The file itself is created again in real time.
    await vi.waitFor(() => expect(reported.all).toEqual([{ type: 'store-moved', path, how: 'removed' }]));
    const other = await openSqliteStore({ path });
    await vi.waitFor(async () =>
      expect((await other.list()).records.map(({ id, state }) => [id, state])).toEqual([
        ['one', 'executing'],
        ['two', 'executing'],
      ]),
    );
    expect((await other.leases()).map((lease) => lease.owner.id)).toEqual(['a', 'a']);
    await other.close();
    await store.close();
  });
});
