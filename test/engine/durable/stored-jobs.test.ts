import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JobStore } from '../../../src/engine/store/job-store.js';
import type { JobRecord } from '../../../src/engine/store/record/job-record.js';
import { reading, scriptedPorts } from '../../support/scripted-ports.js';
import { STORE_KINDS } from './stores.js';
import { createWorld, INPUT, isOver } from './world.js';

const KEY = 'cvl_PLANTED-KEY-0123456789';

/** A store that writes down what was really written. */
function watched(store: JobStore) {
  const written: JobRecord[] = [];
  const save: JobStore['save'] = async (record, options) => {
    const outcome = await store.save(record, options);
    if (outcome === 'written') written.push(record);
    return outcome;
  };
  return { store: { ...store, save }, written };
}

describe.each(STORE_KINDS)('stored jobs on the %s store', (_, make) => {
  const kind = make();

  it('stores a job before anything is done for it, and as it ends', async () => {
    const world = createWorld(await kind.open());
    const stored: (string | undefined)[] = [];
    const jobs = world.open('a', {
      ports: {
        ...world.ports,
        async inspectFiles(input, options) {
          stored.push((await world.store.load('one'))?.state);
          return world.ports.inspectFiles(input, options);
        },
      },
    });
    const handle = await jobs.start(INPUT, { id: 'one' });
    await world.untilOver(handle);
    await handle.result();
    expect(stored).toEqual(['preparing']);
    const [record] = await jobs.list();
    expect(record).toMatchObject({
      id: 'one',
      jobSpecId: 'job_1',
      workflowId: 'wf',
      state: 'completed',
      completed: { file: '/out/output.zip', bytes: 3, sha256: 'abc' },
      files: [
        { path: '/in/a.txt', bytes: 20, mtimeMs: 1_000, sha256: 'hash of content of /in/a.txt' },
        { path: '/in/b.txt' },
      ],
    });
    expect(await world.store.leases()).toEqual([]);
    expect(world.clock.pending()).toBe(0);
    await expect(jobs.start(INPUT, { id: 'one' })).rejects.toMatchObject({ reason: 'exists' });
    await expect(jobs.resume('one')).rejects.toMatchObject({ reason: 'finished' });
    await expect(jobs.resume('two')).rejects.toMatchObject({ reason: 'not-found' });
    expect(await world.store.leases()).toEqual([]);
    expect(await jobs.remove('one')).toBe(true);
    expect(await jobs.list()).toEqual([]);
  });

  it('has each effect on the disk before it leaves', async () => {
    const world = createWorld(await kind.open());
    const order: string[] = [];
    const save: JobStore['save'] = async (record, options) => {
      if (options.effect) order.push(`stored ${record.state}`);
      return world.store.save(record, options);
    };
    const noting =
      <Args extends readonly unknown[], Result>(name: string, call: (...args: Args) => Result) =>
      (...args: Args): Result => {
        order.push(name);
        return call(...args);
      };
    const { ports } = world;
    const jobs = world.open('a', {
      store: { ...world.store, save },
      ports: {
        ...ports,
        uploadFile: noting('upload', ports.uploadFile),
        createJob: noting('create', ports.createJob),
        fillSlots: noting('fill', ports.fillSlots),
        confirmJob: noting('confirm', ports.confirmJob),
      },
    });
    const handle = await jobs.start(INPUT);
    await world.untilOver(handle);
    expect(order).toEqual([
      'stored preparing',
      'stored preparing',
      'upload',
      'upload',
      'stored preparing',
      'create',
      'stored pending',
      'fill',
      'stored confirming',
      'confirm',
      ...['stored slot_needed', 'fill', 'stored confirming', 'confirm'],
      ...['stored slot_needed', 'fill', 'stored confirming', 'confirm'],
    ]);
  });

  it('writes nothing for a poll that changed nothing, and waits with what is only progress', async () => {
    const world = createWorld(await kind.open(), 100);
    const { store, written } = watched(world.store);
    const jobs = world.open('a', { store });
    const handle = await jobs.start(INPUT);
    await world.clock.runUntil(() => world.server.log.statusReads.length === 5);
    const before = written.length;
    await world.clock.runUntil(() => world.server.log.statusReads.length === 95);
    expect(written.length).toBe(before);
    expect(written.at(-1)).toMatchObject({ state: 'executing', progress: 10 });
    await world.untilOver(handle);
    await handle.result();
    expect(world.server.log.statusReads).toHaveLength(300);
    expect(written.length).toBeLessThan(40);
  });

  it('stores progress now and then, the newest of it', async () => {
    const world = createWorld(await kind.open());
    const { store, written } = watched(world.store);
    const readings = Array.from({ length: 50 }, (_, read) => reading('executing', { progress: read }));
    const { ports } = scriptedPorts(world.clock, { getStatus: readings });
    const jobs = world.open('a', { store, ports, lazyMs: 10_000 });
    await jobs.start({ workflowId: 'wf', files: ['/in/a.txt'] }, { id: 'one' });
    await world.clock.advance(10_000);
    const before = written.length;
    await world.clock.advance(100_000);
    expect(written.length - before).toBeGreaterThan(5);
    expect(written.length - before).toBeLessThan(12);
    expect((await world.store.load('one'))?.progress).toBe(49);
  });

  it('never lets an older state overwrite a newer one, however slow the disk is', async () => {
    const world = createWorld(await kind.open());
    let turn = 0;
    const { store, written } = watched(world.store);
    const save: JobStore['save'] = async (record, options) => {
      turn += 1;
      const until = world.clock.now() + (turn % 3 === 0 ? 3_000 : turn % 3 === 1 ? 0 : 500);
      await new Promise<void>((resolve) => void world.clock.schedule(until, resolve));
      return store.save(record, options);
    };
    const jobs = world.open('a', { store: { ...store, save } });
    let isDone = false;
    const starting = jobs.start(INPUT, { id: 'one' });
    const ended = starting
      .then((handle) => handle.result())
      .then(() => {
        isDone = true;
      });
    await world.clock.runUntil(() => isDone);
    await ended;
    const times = written.map((record) => record.updatedAt);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect((await world.store.load('one'))?.state).toBe('completed');
  });

  it('keeps key and pre-signed URLs out of every byte that is stored', async () => {
    const world = createWorld(await kind.open());
    const texts: string[] = [];
    const save: JobStore['save'] = async (record, options) => {
      texts.push(JSON.stringify(record));
      for (const file of kind.directory ? readdirSync(kind.directory()) : []) {
        texts.push(readFileSync(join(kind.directory?.() ?? '', file), 'latin1'));
      }
      return world.store.save(record, options);
    };
    const jobs = world.open('a', { store: { ...world.store, save }, apiKey: KEY });
    const handle = await jobs.start(INPUT, { id: 'one' });
    await world.untilOver(handle);
    await handle.result();
    expect(texts.join('\n')).toContain('outline');
    expect(texts.join('\n')).not.toContain('PLANTED');
    const typed = await jobs.start({ ...INPUT, slots: { note: `as ${KEY}, escaped` } }, { id: 'typed' });
    await world.untilOver(typed);
    await typed.result();
    expect(JSON.stringify((await world.store.load('typed'))?.input)).toContain('as [redacted], escaped');
    expect(texts.join('\n')).not.toContain(KEY);
  });

  it('releases everything when it is closed, so that another process can resume', async () => {
    const world = createWorld(await kind.open());
    const first = world.open('a');
    const handles = [await first.start(INPUT, { id: 'one' })];
    for (const handle of handles) await world.untilAt(handle, 'executing.awaitingTurn');
    await first.close();
    expect(handles.map(isOver)).toEqual([true]);
    expect(world.clock.pending()).toBe(0);
    expect(await world.store.leases()).toEqual([]);
    await expect(first.start(INPUT)).rejects.toMatchObject({ reason: 'closed' });
    expect((await world.store.load('one'))?.state).toBe('detached');
    const second = world.open('b');
    const { handles: resumed, refused } = await second.resumeAll();
    expect(refused).toEqual([]);
    for (const handle of resumed) await world.untilOver(handle);
    expect(await Promise.all(resumed.map((handle) => handle.result()))).toMatchObject([
      { status: 'completed' },
    ]);
    expect(world.server.log).toMatchObject({ creates: 1, answered: ['start', 'outline', 'review'] });
  });
});
