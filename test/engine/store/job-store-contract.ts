import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobStore } from '../../../src/engine/store/job-store.js';
import type { IsGone } from '../../../src/engine/store/lease/job-lease.js';
import type { RecordCodecOptions } from '../../../src/engine/store/record/record-codec.js';
import {
  claimAfterSilence,
  claimOf,
  leaseOf,
  NOW,
  sampleOwner,
  sampleRecord,
  TTL_MS,
} from './sample-record.js';

export type StoreMaker = (options: RecordCodecOptions & { isGone: IsGone }) => Promise<JobStore>;

/** What every JobStore must do, whatever it is made of. */
export function describeJobStore(name: string, make: StoreMaker): void {
  describe(name, () => {
    let store: JobStore;
    let gone: Set<string>;

    beforeEach(async () => {
      gone = new Set();
      store = await make({ isGone: (owner) => gone.has(owner.id), volatileKeys: ['lastStatusAt'] });
    });
    afterEach(() => store.close());

    describe('records', () => {
      it('gives back what was saved, to the letter, and nothing where nothing was', async () => {
        const record = sampleRecord('one', {
          traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
          waitsFor: { reason: 'a person' },
          completed: { file: '/r.zip', bytes: 3, sha256: 'ff' },
        });
        const lease = await leaseOf(store, 'one');
        expect(await store.save(record, { lease, effect: true })).toBe('written');
        expect(await store.load('one')).toEqual(record);
        expect(await store.load('two')).toBeUndefined();
      });

      it('does not share objects with its callers', async () => {
        const context = { itemVersion: 2 };
        const lease = await leaseOf(store, 'one');
        await store.save(sampleRecord('one', { snapshot: { context } }), { lease, effect: false });
        context.itemVersion = 99;
        expect((await store.load('one'))?.snapshot).toEqual({ context: { itemVersion: 2 } });
      });

      it('writes nothing when nothing changed but the time', async () => {
        const lease = await leaseOf(store, 'one');
        await store.save(sampleRecord('one'), { lease, effect: false });
        const later = sampleRecord('one', { updatedAt: NOW + 2_000 });
        expect(await store.save(later, { lease, effect: false })).toBe('unchanged');
        expect((await store.load('one'))?.updatedAt).toBe(NOW);
        expect(await store.save({ ...later, progress: 46 }, { lease, effect: false })).toBe('written');
        expect((await store.load('one'))?.updatedAt).toBe(NOW + 2_000);
      });

      it('takes a change of volatile keys alone for no change', async () => {
        const lease = await leaseOf(store, 'one');
        const context = { itemVersion: 2, lastStatusAt: NOW };
        await store.save(sampleRecord('one', { snapshot: { context } }), { lease, effect: false });
        const polled = sampleRecord('one', {
          snapshot: { context: { ...context, lastStatusAt: NOW + 2_000 } },
        });
        expect(await store.save(polled, { lease, effect: false })).toBe('unchanged');
        const moved = sampleRecord('one', { snapshot: { context: { ...context, itemVersion: 3 } } });
        expect(await store.save(moved, { lease, effect: false })).toBe('written');
      });

      it('lists oldest first, by state, job and workflow', async () => {
        const records = [
          sampleRecord('c', { createdAt: NOW + 1, state: 'pending' }),
          sampleRecord('b', { workflowId: 'other' }),
          sampleRecord('a', { createdAt: NOW + 2 }),
        ];
        for (const record of records)
          await store.save(record, { lease: await leaseOf(store, record.id), effect: false });
        const ids = async (filter?: Parameters<JobStore['list']>[0]) =>
          (await store.list(filter)).records.map((record) => record.id);
        expect(await ids()).toEqual(['b', 'c', 'a']);
        expect(await ids({ states: ['pending', 'failed'] })).toEqual(['c']);
        expect(await ids({ jobSpecId: 'spec-a' })).toEqual(['a']);
        expect(await ids({ workflowId: 'other' })).toEqual(['b']);
        expect(await ids({ workflowId: 'other', states: ['pending'] })).toEqual([]);
      });

      it('refuses what is not a record, and keeps the one it had', async () => {
        const lease = await leaseOf(store, 'one');
        await store.save(sampleRecord('one'), { lease, effect: false });
        const broken = sampleRecord('one', { createdAt: Number.NaN });
        await expect(store.save(broken, { lease, effect: false })).rejects.toMatchObject({
          kind: 'invalid-record',
        });
        expect(await store.load('one')).toEqual(sampleRecord('one'));
      });

      it('removes a record with its lease', async () => {
        const lease = await leaseOf(store, 'one');
        await store.save(sampleRecord('one'), { lease, effect: false });
        expect(await store.remove(lease)).toBe(true);
        expect(await store.load('one')).toBeUndefined();
        expect(await store.leases()).toEqual([]);
        expect(await store.remove(await leaseOf(store, 'one'))).toBe(false);
      });
    });

    describe('leases', () => {
      it('has one owner at a time', async () => {
        const lease = await leaseOf(store, 'one');
        const answer = await store.acquireLease('one', claimOf('b', NOW + TTL_MS - 1));
        expect(answer).toEqual({ acquired: false, holder: lease });
        expect(await leaseOf(store, 'one', claimOf('a'))).toEqual(lease);
      });

      it('goes to another that has seen no heartbeat for as long as it lasts', async () => {
        await leaseOf(store, 'one');
        const answer = await store.acquireLease('one', await claimAfterSilence(store, 'b', NOW + TTL_MS));
        expect(answer).toMatchObject({
          acquired: true,
          tookOverFrom: sampleOwner('a'),
          lease: { owner: { id: 'b' } },
        });
      });

      it('does not go to another for what a clock says', async () => {
        const lease = await leaseOf(store, 'one');
        for (const now of [NOW + TTL_MS, NOW + 365 * 86_400_000, NOW - 86_400_000]) {
          const answer = await store.acquireLease('one', claimOf('b', now));
          expect(answer).toEqual({ acquired: false, holder: lease });
        }
      });

      it('does not go to another that has watched an earlier heartbeat, or another owner', async () => {
        await leaseOf(store, 'one');
        const late = await claimAfterSilence(store, 'b');
        await store.renewLeases(claimOf('a', NOW + 10_000));
        expect((await store.acquireLease('one', late)).acquired).toBe(false);
        const silent = new Map([['c', NOW + 10_000 + TTL_MS]]);
        expect((await store.acquireLease('one', { ...claimOf('b'), silent })).acquired).toBe(false);
      });

      it('goes to another at once when its process is known to be gone', async () => {
        await leaseOf(store, 'one');
        gone.add('a');
        const answer = await store.acquireLease('one', claimOf('b'));
        expect(answer).toMatchObject({ acquired: true, tookOverFrom: sampleOwner('a') });
      });

      it('lives on by one heartbeat for all jobs of its owner', async () => {
        await store.acquireLeases(['one', 'two'], claimOf('a'));
        const renewed = await store.renewLeases(claimOf('a', NOW + TTL_MS - 1));
        expect(renewed.map((lease) => lease.jobId)).toEqual(['one', 'two']);
        for (const jobId of ['one', 'two']) {
          expect((await store.acquireLease(jobId, claimOf('b', NOW + TTL_MS))).acquired).toBe(false);
        }
        const late = await claimAfterSilence(store, 'b', NOW + TTL_MS - 1 + TTL_MS);
        expect((await store.acquireLease('two', late)).acquired).toBe(true);
      });

      it('reports lost leases to an owner at its heartbeat', async () => {
        await store.acquireLeases(['one', 'two'], claimOf('a'));
        await leaseOf(store, 'one', await claimAfterSilence(store, 'b', NOW + TTL_MS));
        const left = await store.renewLeases(claimOf('a', NOW + TTL_MS));
        expect(left.map((lease) => lease.jobId)).toEqual(['two']);
        expect(await store.renewLeases(claimOf('stranger'))).toEqual([]);
      });

      it('refuses the save and the removal of an owner that was taken over, also after it was given back', async () => {
        const late = await leaseOf(store, 'one');
        await store.save(sampleRecord('one'), { lease: late, effect: false });
        const taken = await leaseOf(store, 'one', await claimAfterSilence(store, 'b', NOW + TTL_MS));
        const lateSave = store.save(sampleRecord('one', { progress: 1 }), { lease: late, effect: true });
        await expect(lateSave).rejects.toMatchObject({ name: 'StoreError', kind: 'lease-lost' });
        await expect(store.save(sampleRecord('one'), { lease: late, effect: false })).rejects.toMatchObject({
          kind: 'lease-lost',
        });
        await expect(store.remove(late)).rejects.toMatchObject({ kind: 'lease-lost' });
        await store.releaseLease(taken);
        const again = await leaseOf(store, 'one', claimOf('a', NOW + TTL_MS));
        expect(again.token).toBeGreaterThan(taken.token);
        await expect(store.save(sampleRecord('one'), { lease: late, effect: false })).rejects.toMatchObject({
          kind: 'lease-lost',
        });
        expect(await store.load('one')).toEqual(sampleRecord('one'));
      });

      it('does not take the lease of one job for another', async () => {
        const lease = await leaseOf(store, 'one');
        await expect(store.save(sampleRecord('two'), { lease, effect: false })).rejects.toMatchObject({
          kind: 'lease-lost',
        });
        expect(await store.load('two')).toBeUndefined();
      });

      it('is free after release, and a late release has no effect', async () => {
        const lease = await leaseOf(store, 'one');
        await store.releaseLease(lease);
        const next = await leaseOf(store, 'one', claimOf('b'));
        await store.releaseLease(lease);
        expect(await store.leases()).toEqual([next]);
        await store.releaseOwner(next.owner);
        expect(await store.leases()).toEqual([]);
      });

      it('lists the leases of some jobs, and leaves out those of others and those that are free', async () => {
        const one = await leaseOf(store, 'one');
        const two = await leaseOf(store, 'two', claimOf('b'));
        await leaseOf(store, 'three');
        const free = await leaseOf(store, 'four');
        await store.releaseLease(free);
        const found = await store.leases(['two', 'four', 'one', 'unknown']);
        expect(found).toHaveLength(2);
        expect(found).toEqual(expect.arrayContaining([one, two]));
        expect(await store.leases([])).toEqual([]);
      });

      it('answers many at once in their order', async () => {
        await leaseOf(store, 'two', claimOf('b'));
        const answers = await store.acquireLeases(['three', 'two', 'one'], claimOf('a'));
        expect(answers.map((answer) => answer.acquired)).toEqual([true, false, true]);
        expect((await store.leases()).map((lease) => [lease.jobId, lease.owner.id])).toEqual([
          ['one', 'a'],
          ['three', 'a'],
          ['two', 'b'],
        ]);
      });
    });

    describe('lanes', () => {
      const lane = {
        budget: { status: { left: 59 } },
        queueOrder: ['b', 'a'],
        history: { w: [1, 2] },
        updatedAt: NOW,
      };

      it('keeps budget, queue order and history of each key', async () => {
        expect(await store.loadLane('key-1')).toBeUndefined();
        expect(await store.saveLane('key-1', lane)).toBe('written');
        expect(await store.loadLane('key-1')).toEqual(lane);
        expect(await store.loadLane('key-2')).toBeUndefined();
      });

      it('writes nothing when nothing changed but the time', async () => {
        await store.saveLane('key-1', lane);
        expect(await store.saveLane('key-1', { ...lane, updatedAt: NOW + 1 })).toBe('unchanged');
        expect(await store.saveLane('key-1', { ...lane, queueOrder: ['a', 'b'] })).toBe('written');
        expect((await store.loadLane('key-1'))?.queueOrder).toEqual(['a', 'b']);
      });
    });

    it('refuses whatever comes after close', async () => {
      const lease = await leaseOf(store, 'one');
      await store.close();
      await store.close();
      await expect(store.load('one')).rejects.toMatchObject({ kind: 'closed' });
      await expect(store.save(sampleRecord('one'), { lease, effect: true })).rejects.toMatchObject({
        kind: 'closed',
      });
      await expect(store.leases()).rejects.toMatchObject({ kind: 'closed' });
    });
  });
}
