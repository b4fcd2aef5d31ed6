import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRecordCodec } from '../../../../src/engine/store/record/record-codec.js';
import { openSqliteConnection } from '../../../../src/engine/store/sqlite/sqlite-connection.js';
import { createSqliteJobs } from '../../../../src/engine/store/sqlite/sqlite-jobs.js';
import { createSqliteLeases } from '../../../../src/engine/store/sqlite/sqlite-leases.js';
import { openSqliteStore } from '../../../../src/engine/store/sqlite/sqlite-store.js';
import { describeJobStore } from '../job-store-contract.js';
import { claimAfterSilence, claimOf, leaseOf, NOW, sampleRecord } from '../sample-record.js';
import { useStoreDirectory } from '../store-directory.js';

const directory = useStoreDirectory();

describeJobStore('sqlite store', (options) =>
  openSqliteStore({ ...options, path: directory.path('jobs.db') }),
);

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('the file', () => {
  it('is readable by its owner only, with its log and its directories', async () => {
    const path = directory.path('state/goal-lane/jobs.db');
    const store = await openSqliteStore({ path });
    await store.save(sampleRecord('one'), { lease: await leaseOf(store, 'one'), effect: true });
    const files = readdirSync(dirname(path));
    expect(files.sort()).toEqual(['jobs.db', 'jobs.db-shm', 'jobs.db-wal']);
    for (const file of files) expect(modeOf(`${dirname(path)}/${file}`)).toBe('600');
    expect(modeOf(dirname(path))).toBe('700');
    expect(modeOf(directory.path('state'))).toBe('700');
    await store.close();
  });

  it('is closed to others where it was open, but a directory only on demand', async () => {
    const path = directory.path('jobs.db');
    await (await openSqliteStore({ path })).close();
    chmodSync(path, 0o644);
    const before = modeOf(dirname(path));
    await (await openSqliteStore({ path })).close();
    expect(modeOf(path)).toBe('600');
    expect(modeOf(dirname(path))).toBe(before);
    const open = directory.path('open/jobs.db');
    await (await openSqliteStore({ path: open })).close();
    chmodSync(dirname(open), 0o755);
    await (await openSqliteStore({ path: open, privateDirectory: true })).close();
    expect(modeOf(dirname(open))).toBe('700');
  });

  it('may have any name', async () => {
    const path = directory.path('wh?t #50% né.db');
    const store = await openSqliteStore({ path });
    await store.close();
    expect(readdirSync(dirname(path))).toContain('wh?t #50% né.db');
  });

  it('keeps everything from one process to the next', async () => {
    const path = directory.path('jobs.db');
    const first = await openSqliteStore({ path });
    const lease = await leaseOf(first, 'one');
    await first.save(sampleRecord('one'), { lease, effect: false });
    await first.saveLane('key', { queueOrder: ['one'], updatedAt: NOW });
    await first.close();
    const second = await openSqliteStore({ path });
    expect(await second.load('one')).toEqual(sampleRecord('one'));
    expect(await second.loadLane('key')).toEqual({ queueOrder: ['one'], updatedAt: NOW });
    expect(await second.leases()).toEqual([lease]);
    const taken = await leaseOf(second, 'one', await claimAfterSilence(second, 'b'));
    expect(taken.token).toBeGreaterThan(lease.token);
    await second.close();
  });
});

describe('writes', () => {
  /** The log grows with every write; `unchanged` must leave it as it is. */
  it('does not touch the disk for a record that is unchanged', async () => {
    const path = directory.path('jobs.db');
    const store = await openSqliteStore({ path });
    const lease = await leaseOf(store, 'one');
    await store.save(sampleRecord('one'), { lease, effect: false });
    const before = readFileSync(`${path}-wal`);
    expect(await store.save(sampleRecord('one', { updatedAt: NOW + 9 }), { lease, effect: false })).toBe(
      'unchanged',
    );
    expect(readFileSync(`${path}-wal`).equals(before)).toBe(true);
    await store.save(sampleRecord('one', { progress: 50 }), { lease, effect: false });
    expect(readFileSync(`${path}-wal`).equals(before)).toBe(false);
    await store.close();
  });

  it('waits for the disk itself only where an effect is announced', async () => {
    const path = directory.path('jobs.db');
    const connection = await openSqliteConnection({ path, busyTimeoutMs: 20, privateDirectory: false });
    const leases = createSqliteLeases(connection, () => false);
    const jobs = createSqliteJobs(connection, leases, createRecordCodec());
    const [answer] = leases.acquire(['one'], claimOf('a'));
    if (!answer?.acquired) throw new Error('held');
    const levels = [false, true, false].map((effect, progress) => {
      jobs.save(sampleRecord('one', { progress }), { lease: answer.lease, effect });
      return connection.readPragma('synchronous');
    });
    const [normal, full] = [1, 2];
    expect(levels).toEqual([normal, full, normal]);
    connection.close();
  });

  it('writes an unchanged record once more when it now announces an effect', async () => {
    const store = await openSqliteStore({ path: directory.path('jobs.db') });
    const lease = await leaseOf(store, 'one');
    await store.save(sampleRecord('one'), { lease, effect: false });
    expect(await store.save(sampleRecord('one'), { lease, effect: true })).toBe('written');
    expect(await store.save(sampleRecord('one'), { lease, effect: true })).toBe('unchanged');
    expect(await store.save(sampleRecord('one'), { lease, effect: false })).toBe('unchanged');
    await store.close();
  });
});
