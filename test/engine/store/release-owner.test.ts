import { expect, it } from 'vitest';
import type { JobStore } from '../../../src/engine/store/job-store.js';
import { openSqliteStore } from '../../../src/engine/store/sqlite/sqlite-store.js';
import { claimOf } from './sample-record.js';
import { useStoreDirectory } from './store-directory.js';

const directory = useStoreDirectory();
const MANY = 4_500;

const idsOf = (letter: string, count: number) => Array.from({ length: count }, (_, at) => `${letter}-${at}`);

const heldBy = async (store: JobStore, owner: string) =>
  (await store.leases()).filter((lease) => lease.owner.id === owner).length;

it('many leases of an owner are released in parts, and those of others stay', async () => {
  const store = await openSqliteStore({ path: directory.path('many.db') });
  await store.acquireLeases(idsOf('a', MANY), claimOf('a'));
  await store.acquireLeases(idsOf('b', 3), claimOf('b'));
  let isReleased = false;
  const released = store.releaseOwner(claimOf('a').owner).then(() => {
    isReleased = true;
  });
  // A write that is asked for meanwhile does not wait for the last part.
  const renewed = await store.renewLeases(claimOf('b'));
  expect([renewed.length, isReleased]).toEqual([3, false]);
  const left = await heldBy(store, 'a');
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(MANY);
  await released;
  expect([await heldBy(store, 'a'), await heldBy(store, 'b')]).toEqual([0, 3]);
  await store.close();
});

it('leases whose release was cut short are granted to the next owner', async () => {
  const path = directory.path('short.db');
  const store = await openSqliteStore({ path });
  await store.acquireLeases(idsOf('a', MANY), claimOf('a'));
  // Opened before: on a busy machine the release would be over first.
  const other = await openSqliteStore({ path, isGone: ({ id }) => id === 'a' });
  const releasing = store.releaseOwner(claimOf('a').owner);
  // As after a crash of the process between two parts: the others still stand.
  expect(await heldBy(other, 'a')).toBeGreaterThan(0);
  const answers = await other.acquireLeases(idsOf('a', MANY), claimOf('b'));
  expect(answers.filter(({ acquired }) => acquired)).toHaveLength(MANY);
  // The rest of the release takes none of them away.
  await releasing;
  expect([await heldBy(other, 'a'), await heldBy(other, 'b')]).toEqual([0, MANY]);
  await store.close();
  await other.close();
});
