import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobStore } from '../../../src/engine/store/job-store.js';
import { createMemoryStore } from '../../../src/engine/store/memory/memory-store.js';
import { createResilientStore, type StoreWarning } from '../../../src/engine/store/resilient-store.js';
import { StoreError, type StoreErrorKind } from '../../../src/engine/store/store-error.js';
import { describeJobStore } from './job-store-contract.js';
import { claimOf, leaseOf, NOW, sampleRecord, TTL_MS } from './sample-record.js';

const unfounded: StoreWarning[] = [];
describeJobStore('resilient store on a healthy disk', async (options) =>
  createResilientStore(createMemoryStore(options), { onWarning: (warning) => unfounded.push(warning) }),
);
afterAll(() => expect(unfounded).toEqual([]));

describe('resilient store on a failing disk', () => {
  let broken: StoreErrorKind | undefined;
  let warnings: StoreWarning[];
  let store: JobStore;

  const disk = (inner: JobStore): JobStore => {
    const failing = <Result>(work: () => Promise<Result>) =>
      broken ? Promise.reject(new StoreError(broken, 'planted')) : work();
    return {
      ...inner,
      save: (record, options) => failing(() => inner.save(record, options)),
      load: (id) => failing(() => inner.load(id)),
      renewLeases: (claim) => failing(() => inner.renewLeases(claim)),
      releaseLease: (lease) => failing(() => inner.releaseLease(lease)),
      saveLane: (keyLabel, lane) => failing(() => inner.saveLane(keyLabel, lane)),
    };
  };

  beforeEach(() => {
    broken = undefined;
    warnings = [];
    store = createResilientStore(disk(createMemoryStore()), {
      onWarning: (warning) => warnings.push(warning),
    });
  });

  it.each<StoreErrorKind>(['full-disk', 'read-only', 'locked', 'corrupt', 'unusable'])(
    'lets a job continue, with a log entry, and stores again when it can: %s',
    async (kind) => {
      const lease = await leaseOf(store, 'one');
      broken = kind;
      expect(await store.save(sampleRecord('one'), { lease, effect: false })).toBe('unsaved');
      expect(await store.save(sampleRecord('one'), { lease, effect: true })).toBe('unsaved');
      expect(await store.saveLane('key', { queueOrder: [], updatedAt: NOW })).toBe('unsaved');
      expect(warnings).toMatchObject([
        { operation: 'save', jobId: 'one', error: { kind } },
        { operation: 'save', jobId: 'one', error: { kind } },
        { operation: 'saveLane', error: { kind } },
      ]);
      await expect(store.load('one')).rejects.toMatchObject({ kind });
      broken = undefined;
      expect(await store.save(sampleRecord('one'), { lease, effect: true })).toBe('written');
    },
  );

  it('refuses an effect that may be the create, for it must not be sent unstored', async () => {
    const { jobSpecId: _, ...uncreated } = sampleRecord('one');
    const lease = await leaseOf(store, 'one');
    broken = 'full-disk';
    await expect(store.save(uncreated, { lease, effect: true })).rejects.toMatchObject({ kind: 'full-disk' });
    expect(warnings).toEqual([]);
    expect(await store.save(uncreated, { lease, effect: false })).toBe('unsaved');
  });

  it('leaves that to the host where it says so', async () => {
    const { jobSpecId: _, ...uncreated } = sampleRecord('one');
    const bold = createResilientStore(disk(createMemoryStore()), {
      onWarning: (warning) => warnings.push(warning),
      onUnsavedEffect: (record) => (record.id === 'one' ? 'go-on' : 'refuse'),
    });
    const lease = await leaseOf(bold, 'one');
    const other = await leaseOf(bold, 'two');
    broken = 'locked';
    expect(await bold.save(uncreated, { lease, effect: true })).toBe('unsaved');
    await expect(bold.save(sampleRecord('two'), { lease: other, effect: true })).rejects.toMatchObject({
      kind: 'locked',
    });
  });

  it.each<StoreErrorKind>(['lease-lost', 'newer-version', 'secret', 'invalid-record', 'closed'])(
    'never continues after %s',
    async (kind) => {
      const lease = await leaseOf(store, 'one');
      broken = kind;
      await expect(store.save(sampleRecord('one'), { lease, effect: false })).rejects.toMatchObject({ kind });
      expect(warnings).toEqual([]);
    },
  );

  it('takes a heartbeat that cannot be written for held, but not a job that was released', async () => {
    const [one, two] = [await leaseOf(store, 'one'), await leaseOf(store, 'two')];
    await leaseOf(store, 'three', claimOf('b'));
    broken = 'full-disk';
    expect(await store.renewLeases(claimOf('a', NOW + TTL_MS))).toEqual([one, two]);
    await store.releaseLease(one);
    expect(await store.renewLeases(claimOf('a', NOW + TTL_MS))).toEqual([two]);
    expect(warnings.map((warning) => warning.operation)).toEqual([
      'renewLeases',
      'releaseLease',
      'renewLeases',
    ]);
  });

  it('does not let a host that fails to listen stop the job', async () => {
    const deaf = createResilientStore(disk(createMemoryStore()), {
      onWarning: () => {
        throw new Error('planted');
      },
    });
    const lease = await leaseOf(deaf, 'one');
    broken = 'full-disk';
    expect(await deaf.save(sampleRecord('one'), { lease, effect: false })).toBe('unsaved');
  });
});
