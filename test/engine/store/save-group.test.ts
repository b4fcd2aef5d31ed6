import { describe, expect, it } from 'vitest';
import type { JobStore } from '../../../src/engine/store/job-store.js';
import { createMemoryStore } from '../../../src/engine/store/memory/memory-store.js';
import { openSqliteStore } from '../../../src/engine/store/sqlite/sqlite-store.js';
import { openRaw } from '../../support/raw-database.js';
import { claimAfterSilence, leaseOf, sampleRecord } from './sample-record.js';
import { useStoreDirectory } from './store-directory.js';

const directory = useStoreDirectory();

const outcomes = async (saves: readonly Promise<string>[]): Promise<readonly string[]> =>
  (await Promise.allSettled(saves)).map((save) =>
    save.status === 'fulfilled' ? save.value : String(Object(save.reason).kind),
  );

const storedIds = async (store: JobStore): Promise<readonly string[]> =>
  (await store.list()).records.map(({ id }) => id).sort();

const STORES = [
  ['memory', async () => createMemoryStore()],
  ['SQLite', () => openSqliteStore({ path: directory.path('jobs.db') })],
] as const;

describe.each(STORES)('several saves in one turn, %s', (_, open) => {
  it('are all written, whatever each of them announces', async () => {
    const store = await open();
    const leases = await Promise.all(['a', 'b', 'c'].map((id) => leaseOf(store, id)));
    const saves = leases.map((lease, at) =>
      store.save(sampleRecord(lease.jobId), { lease, effect: at === 1 }),
    );
    expect(await outcomes(saves)).toEqual(['written', 'written', 'written']);
    expect(await storedIds(store)).toEqual(['a', 'b', 'c']);
    await store.close();
  });

  it('are refused one by one', async () => {
    const store = await open();
    const [a, b, c] = [await leaseOf(store, 'a'), await leaseOf(store, 'b'), await leaseOf(store, 'c')];
    await store.acquireLease('b', await claimAfterSilence(store, 'another'));
    const saves = [a, b, c].map((lease) =>
      store.save(sampleRecord(lease.jobId, lease === c ? { createdAt: Number.NaN } : {}), {
        lease,
        effect: false,
      }),
    );
    expect(await outcomes(saves)).toEqual(['written', 'lease-lost', 'invalid-record']);
    expect(await storedIds(store)).toEqual(['a']);
    await store.close();
  });

  it('keep their place before what is asked for next', async () => {
    const store = await open();
    const [a, b] = [await leaseOf(store, 'a'), await leaseOf(store, 'b')];
    const saves = [a, b].map((lease) => store.save(sampleRecord(lease.jobId), { lease, effect: false }));
    const released = store.releaseLease(a);
    const closed = store.close();
    expect(await outcomes(saves)).toEqual(['written', 'written']);
    await Promise.all([released, closed]);
  });
});

it('writes the others where the file refuses one record of many', async () => {
  const path = directory.path('jobs.db');
  const store = await openSqliteStore({ path });
  const leases = await Promise.all(['a', 'bad', 'c'].map((id) => leaseOf(store, id)));
  const raw = openRaw(path);
  raw.exec(
    `CREATE TRIGGER refused BEFORE INSERT ON jobs WHEN new.id = 'bad' BEGIN SELECT RAISE(ROLLBACK, 'no'); END`,
  );
  raw.close();
  const saves = leases.map((lease) => store.save(sampleRecord(lease.jobId), { lease, effect: true }));
  expect(await outcomes(saves)).toEqual(['written', 'unusable', 'written']);
  expect(await storedIds(store)).toEqual(['a', 'c']);
  await store.close();
});
