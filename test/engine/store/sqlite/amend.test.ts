import { describe, expect, it } from 'vitest';
import type { JobStore, RecordChanges } from '../../../../src/engine/store/job-store.js';
import type { JobRecord } from '../../../../src/engine/store/record/job-record.js';
import { openSqliteStore } from '../../../../src/engine/store/sqlite/sqlite-store.js';
import { openRaw } from '../../../support/raw-database.js';
import { claimAfterSilence, leaseOf, NOW, sampleRecord } from '../sample-record.js';
import { useStoreDirectory } from '../store-directory.js';

const directory = useStoreDirectory();

const CHANGES: RecordChanges = {
  state: 'detached',
  tags: [],
  waitsFor: { reason: 'resume (requested)' },
  updatedAt: NOW + 5_000,
};

const waiting = (changes: Partial<JobRecord> = {}): JobRecord =>
  sampleRecord('one', { waitsFor: { reason: 'the server' }, since: NOW, ...changes });

async function stored(record: JobRecord) {
  const path = directory.path('jobs.db');
  const store = await openSqliteStore({ path });
  const lease = await leaseOf(store, record.id);
  await store.save(record, { lease, effect: true });
  const amend = async () => store.amend?.(record.id, CHANGES, { lease });
  return { path, store, lease, amend };
}

/** All that a store says of its jobs. */
const shown = async (store: JobStore) => ({
  listing: await store.list(),
  page: await store.page(),
  detached: await store.page({ states: ['detached'] }),
  counts: await store.counts(),
});

const TRICKY: readonly (readonly [string, Partial<JobRecord>])[] = [
  ['of every kind', {}],
  ['whose id on the server looks like a field', { jobSpecId: 'x,"input":1,"updatedAt":2}' }],
  ['whose step has letters beyond ASCII', { step: 'résumé ,"input":{} 🚀' }],
  [
    'whose input has fields with the names of its own',
    { input: { input: { state: 'executing' }, slots: { updatedAt: 7, waitsFor: ',"input":' } } },
  ],
  ['in a queue, with a folder', { queue: { priority: 2, order: 7 }, outDir: '/out' }],
];

describe('a record that is amended', () => {
  it.each(TRICKY)('%s is the record that would have been saved as a whole', async (_, changes) => {
    const { store, lease, amend } = await stored(waiting(changes));
    expect(await amend()).toBe('written');
    const whole = { ...waiting(changes), ...CHANGES };
    expect(await store.load('one')).toEqual(whole);
    const amended = await shown(store);
    expect(amended).toMatchObject({ counts: { detached: 1 }, detached: { jobs: [{ id: 'one' }] } });
    expect(await store.save(whole, { lease, effect: false })).toBe('unchanged');
    // Before an effect it is written once more, because it was not forced to the disk.
    expect(await store.save(whole, { lease, effect: true })).toBe('written');
    expect(await shown(store)).toEqual(amended);
    await store.close();
  });

  it('is refused, and stays as it is, once another owner has the job', async () => {
    const { store, amend } = await stored(waiting());
    await leaseOf(store, 'one', await claimAfterSilence(store, 'b', NOW + 60_000));
    await expect(amend()).rejects.toMatchObject({ kind: 'lease-lost' });
    expect(await store.load('one')).toEqual(waiting());
    await store.close();
  });

  it('must be there', async () => {
    const { store } = await stored(waiting());
    const lease = await leaseOf(store, 'two');
    expect(await store.amend?.('two', CHANGES, { lease })).toBe('impossible');
    await store.close();
  });

  it('must have the fields of this codec in their order', async () => {
    const store = await openSqliteStore({ path: directory.path('jobs.db'), volatileKeys: ['lastReadAt'] });
    const record = waiting({ snapshot: { value: 'executing', context: { id: 1, updatedAt: 2, more: 3 } } });
    const lease = await leaseOf(store, 'one');
    await store.save(record, { lease, effect: true });
    expect(await store.amend?.('one', CHANGES, { lease })).toBe('impossible');
    expect(await store.load('one')).toEqual(record);
    await store.close();
  });

  const DAMAGE: readonly (readonly [string, string])[] = [
    ['record', `UPDATE jobs SET body = replace(body, 'ada', 'eve')`],
    ['record, and its checksum is gone', `UPDATE jobs SET checksum = NULL`],
    ['summary', `UPDATE jobs SET summary = replace(summary, '45', '46')`],
    ['version, which is that of a newer release', 'UPDATE jobs SET schema_version = 99'],
  ];

  it.each(DAMAGE)('must be whole: nothing is written over a damaged %s', async (_, sql) => {
    const { path, store, amend } = await stored(waiting());
    const raw = openRaw(path);
    raw.exec('DROP TRIGGER jobs_unchecked');
    raw.exec(sql);
    const before = raw.prepare('SELECT * FROM jobs').all();
    expect(await amend()).toBe('impossible');
    expect(raw.prepare('SELECT * FROM jobs').all()).toEqual(before);
    raw.close();
    await store.close();
  });
});
