import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../src/engine/store/sqlite/sqlite-store.js';
import { claimAfterSilence, claimOf, leaseOf, NOW, sampleRecord, TTL_MS } from './sample-record.js';
import { useStoreDirectory } from './store-directory.js';

const directory = useStoreDirectory();

async function openTwice(name: string) {
  const path = directory.path(`${name}.db`);
  return [await openSqliteStore({ path }), await openSqliteStore({ path })] as const;
}

const idsAndTokens = (leases: readonly { readonly jobId: string; readonly token: number }[]) =>
  leases.map(({ jobId, token }) => [jobId, token]).sort();

describe('a heartbeat of a SQLite store', () => {
  it('brings the same array while nothing changes, and what another process reads then is alive', async () => {
    const [store, other] = await openTwice('same');
    await store.acquireLeases(['one', 'two'], claimOf('a'));
    const first = await store.renewLeases(claimOf('a', NOW + 10_000));
    expect(await store.renewLeases(claimOf('a', NOW + 20_000))).toBe(first);
    const ends = (await other.leases()).map(({ expiresAt }) => expiresAt);
    expect(ends).toEqual([NOW + 20_000 + TTL_MS, NOW + 20_000 + TTL_MS]);
    await store.close();
    await other.close();
  });

  it.each([
    ['is acquired', async (store) => void (await leaseOf(store, 'three'))],
    ['is released', async (store) => store.releaseLease((await store.leases())[0] ?? never())],
    ['is removed with its job', async (store) => void (await store.remove(await leaseOf(store, 'one')))],
    [
      'is taken over',
      async (_, other) => void (await leaseOf(other, 'one', await claimAfterSilence(other, 'b'))),
    ],
    ['is given away and acquired again', takenAndTakenBack],
  ] satisfies [string, (store: Store, other: Store) => Promise<void>][])(
    'brings what the file says once a lease %s',
    async (_, change) => {
      const [store, other] = await openTwice(`change-${changes++}`);
      const leases = await store.acquireLeases(['one', 'two'], claimOf('a'));
      const [one] = leases;
      if (one?.acquired) await store.save(sampleRecord('one'), { lease: one.lease, effect: false });
      const before = await store.renewLeases(claimOf('a', NOW + 10_000));
      await change(store, other);
      const after = await store.renewLeases(claimOf('a', NOW + 20_000));
      expect(after).not.toBe(before);
      const stored = (await other.leases()).filter(({ owner }) => owner.id === 'a');
      expect(idsAndTokens(after)).toEqual(idsAndTokens(stored));
      await store.close();
      await other.close();
    },
  );

  it('knows the leases of an owner whose leases this process did not grant', async () => {
    const [store, other] = await openTwice('granted-there');
    await other.acquireLeases(['one', 'two'], claimOf('a'));
    await store.acquireLeases(['three'], claimOf('a'));
    const renewed = await store.renewLeases(claimOf('a'));
    expect(renewed.map(({ jobId }) => jobId).sort()).toEqual(['one', 'three', 'two']);
    await store.close();
    await other.close();
  });
});

type Store = Awaited<ReturnType<typeof openSqliteStore>>;

let changes = 0;

function never(): never {
  throw new Error('the store has no lease');
}

async function takenAndTakenBack(store: Store, other: Store): Promise<void> {
  await leaseOf(other, 'two', await claimAfterSilence(other, 'b'));
  await leaseOf(store, 'two', await claimAfterSilence(store, 'a'));
}
