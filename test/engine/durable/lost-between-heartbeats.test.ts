import { expect, it } from 'vitest';
import { createLeaseKeeper } from '../../../src/engine/durable/lease-keeper.js';
import type { JobStore } from '../../../src/engine/store/job-store.js';
import type { Lease } from '../../../src/engine/store/lease/job-lease.js';
import { openSqliteStore } from '../../../src/engine/store/sqlite/sqlite-store.js';
import { createVirtualClock } from '../../support/virtual-clock.js';
import { claimAfterSilence, leaseOf, sampleOwner, TTL_MS } from '../store/sample-record.js';
import { useStoreDirectory } from '../store/store-directory.js';

const directory = useStoreDirectory();

/** As a store may: the same array for the same leases, whatever happened in between. */
function answeringAlike(store: JobStore): JobStore {
  let last: readonly Lease[] = [];
  const tokensOf = (leases: readonly Lease[]): string => leases.map(({ token }) => token).join();
  return {
    ...store,
    async renewLeases(claim) {
      const leases = await store.renewLeases(claim);
      if (tokensOf(leases) !== tokensOf(last)) last = leases;
      return last;
    },
  };
}

it('a lease that is acquired and lost between two heartbeats is noticed, though the others are as before', async () => {
  const path = directory.path('jobs.db');
  const [store, other] = [await openSqliteStore({ path }), await openSqliteStore({ path })];
  const clock = createVirtualClock();
  const lost: string[] = [];
  const leases = createLeaseKeeper({
    store: answeringAlike(store),
    clock,
    owner: sampleOwner('a'),
    ttlMs: TTL_MS,
    onDoubt: () => undefined,
    onLost: ({ jobId }) => lost.push(jobId),
    onFailure: (error) => {
      throw error;
    },
  });
  await leases.take(['one']);
  await clock.advance(2 * TTL_MS);
  await leases.take(['two']);
  await leaseOf(other, 'two', await claimAfterSilence(other, 'b', clock.now()));
  expect(lost).toEqual([]);
  await clock.advance(TTL_MS);
  expect(lost).toEqual(['two']);
  await leases.releaseAll();
  await store.close();
  await other.close();
});
