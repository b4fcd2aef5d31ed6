import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RECORD_VERSION } from '../../../src/engine/store/record/job-record.js';
import { openSqliteStore } from '../../../src/engine/store/sqlite/sqlite-store.js';
import { openRaw } from '../../support/raw-database.js';
import { claimOf, leaseOf, sampleOwner } from './sample-record.js';
import { useStoreDirectory } from './store-directory.js';

const directory = useStoreDirectory();
const readFixture = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
const RECORD = JSON.parse(readFixture('record-v1.json'));
const { id } = RECORD;
const DURING_LEASE = 1_774_864_820_000;

function oldStore(): string {
  const path = directory.path('jobs.db');
  const raw = openRaw(path);
  raw.exec(readFixture('store-v1.sql'));
  raw.close();
  return path;
}

const checksums = (path: string): unknown[] => {
  const raw = openRaw(path);
  const rows = raw.prepare('SELECT checksum FROM jobs').all();
  raw.close();
  return rows.map((row) => Object(row).checksum);
};

describe('a store of the version before', () => {
  it('is upgraded in its place: its records, leases and lanes are as they were', async () => {
    const store = await openSqliteStore({ path: oldStore() });
    const lifted = { ...RECORD, schemaVersion: RECORD_VERSION };
    expect(await store.list()).toEqual({ records: [lifted], unreadable: [] });
    expect(await store.loadLane('key-1')).toEqual({ queueOrder: [id], updatedAt: 1_774_864_800_000 });
    expect(await store.leases()).toMatchObject([{ jobId: id, token: 7, owner: sampleOwner('owner-1') }]);
    const refused = await store.acquireLease(id, claimOf('another', DURING_LEASE));
    expect(refused).toMatchObject({ acquired: false, holder: { token: 7 } });
    await store.close();
  });

  it('gets a checksum with the first change of a record', async () => {
    const path = oldStore();
    const store = await openSqliteStore({ path });
    const lease = await leaseOf(store, id, claimOf('owner-1', DURING_LEASE));
    await store.save({ ...RECORD, progress: 46 }, { lease, effect: false });
    expect((await store.load(id))?.progress).toBe(46);
    await store.close();
    expect(checksums(path)).toEqual([expect.stringMatching(/^[\w+/]{43}=$/)]);
  });

  it('may be open in a release of before meanwhile: what that writes is no damage', async () => {
    const path = oldStore();
    const before = openRaw(path);
    const write = before.prepare('UPDATE jobs SET body = ? WHERE id = ?');
    const writeLane = before.prepare('UPDATE lanes SET body = ?');
    const store = await openSqliteStore({ path });
    const lease = await leaseOf(store, id, claimOf('owner-1', DURING_LEASE));
    await store.save({ ...RECORD, progress: 46 }, { lease, effect: false });
    await store.saveLane('key-1', { queueOrder: [], updatedAt: 1 });
    write.run(JSON.stringify({ ...RECORD, progress: 47 }), id);
    writeLane.run(JSON.stringify({ queueOrder: ['x'], updatedAt: 2 }));
    expect((await store.load(id))?.progress).toBe(47);
    expect((await store.loadLane('key-1'))?.queueOrder).toEqual(['x']);
    before.close();
    await store.close();
  });
});
