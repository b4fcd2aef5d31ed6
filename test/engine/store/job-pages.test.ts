import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobStore, PageQuery } from '../../../src/engine/store/index.js';
import { createMemoryStore } from '../../../src/engine/store/memory/memory-store.js';
import type { JobRecord } from '../../../src/engine/store/record/job-record.js';
import { openSqliteStore } from '../../../src/engine/store/sqlite/sqlite-store.js';
import { openRaw } from '../../support/raw-database.js';
import { leaseOf, NOW, sampleRecord } from './sample-record.js';
import { useStoreDirectory } from './store-directory.js';

const directory = useStoreDirectory();

async function save(store: JobStore, id: string, changes: Partial<JobRecord> = {}): Promise<void> {
  const lease = await leaseOf(store, id);
  await store.save(sampleRecord(id, changes), { lease, effect: false });
}

const idsOf = async (store: JobStore, query?: PageQuery): Promise<readonly string[]> =>
  (await store.page(query)).jobs.map(({ id }) => id);

/** Every page, one after another. */
async function allPages(store: JobStore, query: PageQuery): Promise<string[][]> {
  const pages: string[][] = [];
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page: Awaited<ReturnType<JobStore['page']>> = await store.page({ ...query, after });
    pages.push(page.jobs.map(({ id }) => id));
    after = page.next;
  }
  return pages;
}

describe.each([
  ['a store in memory', async () => createMemoryStore()],
  ['a store in a file', () => openSqliteStore({ path: directory.path('jobs.db') })],
])('the pages of %s', (_, make) => {
  let store: JobStore;
  beforeEach(async () => {
    store = await make();
  });
  afterEach(() => store.close());

  it('are newest first, each job once, until there are no more', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) await save(store, id);
    expect(await allPages(store, { limit: 2 })).toEqual([['e', 'd'], ['c', 'b'], ['a']]);
    expect(await allPages(store, { limit: 2, first: 'oldest' })).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(await idsOf(store)).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  it('have nothing next where the last one is full', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await save(store, id);
    expect(await allPages(store, { limit: 2 })).toEqual([
      ['d', 'c'],
      ['b', 'a'],
    ]);
    expect(await allPages(store, { limit: 4, states: ['executing', 'pending'] })).toHaveLength(1);
  });

  it('keep their place while jobs change and others come', async () => {
    for (const id of ['a', 'b', 'c']) await save(store, id);
    const { next } = await store.page({ limit: 1 });
    await save(store, 'a', { progress: 99 });
    await save(store, 'd');
    expect(await idsOf(store, { after: String(next) })).toEqual(['b', 'a']);
  });

  it('hold the jobs of the states that are asked for, in one order', async () => {
    const states = ['executing', 'failed', 'pending', 'executing', 'completed', 'pending'];
    for (const [at, state] of states.entries()) await save(store, `job-${at}`, { state });
    const wanted = { states: ['pending', 'executing'], limit: 3 };
    expect((await allPages(store, wanted)).flat()).toEqual(['job-5', 'job-3', 'job-2', 'job-0']);
    expect(await idsOf(store, { states: ['detached'] })).toEqual([]);
    expect(await store.counts()).toEqual({ executing: 2, failed: 1, pending: 2, completed: 1 });
  });

  it('contain what a list shows of a job, and its state', async () => {
    const output = { status: 'failed', failure: { kind: 'job-failed', message: 'no' } };
    await save(store, 'one', {
      waitsFor: { reason: 'a person' },
      state: 'failed',
      snapshot: { value: 'failed', output },
    });
    const { input: _, snapshot: __, files: ___, ...rest } = sampleRecord('one');
    expect((await store.page()).jobs).toEqual([
      {
        ...rest,
        waitsFor: { reason: 'a person' },
        state: 'failed',
        place: 'failed',
        failureKind: 'job-failed',
      },
    ]);
  });
});

describe('the pages of a store file', () => {
  const withRaw = (path: string, work: (raw: ReturnType<typeof openRaw>) => void): void => {
    const raw = openRaw(path);
    work(raw);
    raw.close();
  };

  async function opened(...ids: readonly string[]) {
    const path = directory.path('jobs.db');
    const store = await openSqliteStore({ path });
    for (const id of ids) await save(store, id);
    return { path, store };
  }

  it('name a record that is damaged behind a summary that is whole, and hide no other', async () => {
    const { path, store } = await opened('a', 'b');
    // The trigger would say that it changed.
    withRaw(path, (raw) =>
      raw.exec("DROP TRIGGER jobs_unchecked; UPDATE jobs SET body = 'x' WHERE id = 'b'"),
    );
    const { jobs, unreadable } = await store.page({});
    expect(jobs.map(({ id }) => id)).toEqual(['a']);
    expect(unreadable).toMatchObject([{ id: 'b', error: { kind: 'corrupt' } }]);
    await expect(store.load('b')).rejects.toMatchObject({ kind: 'corrupt' });
    await store.close();
  });

  it.each([
    ['a state that is another word', "state = 'nonsense'"],
    ['a state that is not text', "state = CAST(x'ff41' AS TEXT)"],
    ['a damaged summary', "summary = replace(summary, '45', '99')"],
    ['a summary that is not text', "summary = CAST(x'ff' AS TEXT)"],
    ['a checksum of no summary', "summary_checksum = 'none'"],
    ['no summary, as a release without them stores it', 'summary = NULL, summary_checksum = NULL'],
  ])('hide no job behind %s', async (_, damage) => {
    const { path, store } = await opened('a', 'b', 'c');
    withRaw(path, (raw) => raw.exec(`UPDATE jobs SET ${damage} WHERE id = 'b'`));
    const { jobs, unreadable } = await store.page({ states: ['executing'] });
    expect(jobs.map(({ id, progress }) => [id, progress])).toEqual([
      ['c', 45],
      ['b', 45],
      ['a', 45],
    ]);
    expect(unreadable).toEqual([]);
    await store.close();
  });

  it('do not believe the summary of an earlier record', async () => {
    const { path, store } = await opened('a');
    const newer = JSON.stringify(sampleRecord('a', { progress: 80 }));
    // A release without summaries, or without checksums, has written.
    withRaw(path, (raw) => raw.prepare('UPDATE jobs SET body = ?, checksum = NULL').run(newer));
    expect((await store.page()).jobs).toMatchObject([{ id: 'a', progress: 80 }]);
    await store.close();
  });

  it('name the job that cannot be read, and continue after it', async () => {
    const { path, store } = await opened('a', 'b', 'c');
    withRaw(path, (raw) => raw.exec("UPDATE jobs SET body = 'x', summary = 'y' WHERE id = 'b'"));
    const { jobs, unreadable } = await store.page();
    expect(jobs.map(({ id }) => id)).toEqual(['c', 'a']);
    expect(unreadable).toMatchObject([{ id: 'b', error: { kind: 'corrupt' } }]);
    await store.close();
  });

  it('cost as much among many jobs as among few', async () => {
    const { path, store } = await opened('first');
    const timeOf = async (): Promise<number> => {
      const times: number[] = [];
      for (let run = 0; run < 15; run += 1) {
        const start = performance.now();
        await store.page({ limit: 20 });
        await store.page({ limit: 20, states: ['executing'] });
        times.push(performance.now() - start);
      }
      return Math.min(...times);
    };
    const copy = (from: number, to: number): void =>
      withRaw(path, (raw) =>
        raw.exec(`WITH RECURSIVE n(i) AS (VALUES (${from}) UNION ALL SELECT i + 1 FROM n WHERE i < ${to})
          INSERT INTO jobs SELECT 'copy-' || i, schema_version, state, job_spec_id, workflow_id, created_at, effect,
          digest, body, checksum, summary, summary_checksum FROM n, (SELECT * FROM jobs WHERE id = 'first')`),
      );
    copy(1, 100);
    const few = await timeOf();
    copy(101, 20_000);
    expect((await store.counts()).executing).toBe(20_001);
    // Not by the number of jobs, which would be a hundredfold and more.
    expect(await timeOf()).toBeLessThan(10 * few);
    await store.close();
  });
});

it('a job of a page is as old as its record says', async () => {
  const store = createMemoryStore();
  await save(store, 'one', { createdAt: NOW - 5, updatedAt: NOW });
  expect((await store.page()).jobs[0]).toMatchObject({ createdAt: NOW - 5, updatedAt: NOW });
  await store.close();
});
