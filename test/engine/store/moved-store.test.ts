import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JobStore, StoreMove } from '../../../src/engine/store/job-store.js';
import { openSqliteStore } from '../../../src/engine/store/sqlite/sqlite-store.js';
import { bundleStoreChild, useStoreChildren } from './child-process.js';
import { claimOf, leaseOf, NOW, sampleRecord, TTL_MS } from './sample-record.js';
import { useStoreDirectory } from './store-directory.js';

const directory = useStoreDirectory();
const children = useStoreChildren();
beforeAll(bundleStoreChild);

const COMPANIONS = ['', '-wal', '-shm'];
const removeStore = (path: string): void => {
  for (const suffix of COMPANIONS) rmSync(path + suffix, { force: true });
};

async function openWatched(name = 'jobs.db') {
  const path = directory.path(name);
  const store = await openSqliteStore({ path });
  const moves: StoreMove[] = [];
  store.onMove?.((move) => moves.push(move));
  const lease = await leaseOf(store, 'one');
  await store.save(sampleRecord('one'), { lease, effect: true });
  return { path, store, moves, lease };
}

/** What another process would find. */
async function foundAt(path: string): Promise<unknown[]> {
  const store = await openSqliteStore({ path });
  const { records } = await store.list();
  await store.close();
  return records.map(({ id, progress }) => [id, progress]);
}

async function saveMany(store: JobStore, prefix: string, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  for (const id of ids) {
    const lease = await leaseOf(store, id, claimOf('b'));
    await store.save(sampleRecord(id, { progress: 2 }), { lease, effect: true });
    await store.releaseLease(lease);
  }
}

const saveAgain = (store: JobStore, lease: Awaited<ReturnType<typeof leaseOf>>) =>
  store.save(sampleRecord('one'), { lease, effect: false });

describe('a store file that was removed while it is open', () => {
  it('is reported at the next heartbeat and created again; leases hold, and saved jobs are found there', async () => {
    const { path, store, moves, lease } = await openWatched();
    removeStore(path);
    const renewed = await store.renewLeases(claimOf('a', NOW + 10));
    expect(renewed).toMatchObject([{ jobId: 'one', token: lease.token }]);
    expect(moves).toEqual([{ path, how: 'removed' }]);
    // As it was saved before: in the file that is there now it is news.
    expect(await saveAgain(store, lease)).toBe('written');
    expect(await foundAt(path)).toEqual([['one', 45]]);
    expect(moves).toHaveLength(1);
    await store.close();
    expect(await foundAt(path)).toEqual([['one', 45]]);
  });

  it.each([[['']], [['', '-shm']], [['', '-wal']]])(
    'may leave some of its files behind: without %j',
    async (gone) => {
      const { path, store, moves, lease } = await openWatched();
      for (const suffix of gone) rmSync(path + suffix);
      expect(await saveAgain(store, lease)).toBe('written');
      expect(moves).toMatchObject([{ how: 'removed' }]);
      const other = await openSqliteStore({ path });
      const second = await leaseOf(other, 'two', claimOf('b'));
      expect(second.token).toBeGreaterThan(lease.token);
      await other.save(sampleRecord('two', { progress: 2 }), { lease: second, effect: true });
      await store.save(sampleRecord('one', { progress: 46 }), { lease, effect: true });
      await other.close();
      await store.close();
      expect(await foundAt(path)).toEqual([
        ['one', 46],
        ['two', 2],
      ]);
    },
  );

  it('is created again with its folder', async () => {
    const { path, store, lease } = await openWatched('below/jobs.db');
    rmSync(dirname(path), { recursive: true });
    expect(await saveAgain(store, lease)).toBe('written');
    expect(await foundAt(path)).toEqual([['one', 45]]);
    await store.close();
  });

  it('is no news where no job is held', async () => {
    const { path, store, moves, lease } = await openWatched();
    await store.releaseLease(lease);
    removeStore(path);
    expect(await store.list()).toEqual({ records: [], unreadable: [] });
    expect(moves).toEqual([]);
    await store.close();
  });

  it('is followed by every process that has it open', async () => {
    const { path, store, lease } = await openWatched();
    await store.releaseLease(lease);
    const holder = children.start(['hold', path]);
    expect(await holder.next()).toBe(true);
    const mine = await leaseOf(store, 'two');
    removeStore(path);
    await store.save(sampleRecord('two', { progress: 2 }), { lease: mine, effect: true });
    holder.go();
    expect(await holder.next()).toBe('written');
    expect(await foundAt(path)).toEqual([
      ['one', 1],
      ['two', 2],
    ]);
    await store.close();
  }, 20_000);
});

describe('a store file that was replaced while it is open', () => {
  it('is left for the one in its place, which keeps what it held', async () => {
    const { path, store, moves, lease } = await openWatched();
    const other = await openSqliteStore({ path: directory.path('other.db') });
    const foreign = await leaseOf(other, 'two', claimOf('b'));
    await other.save(sampleRecord('two', { progress: 2 }), { lease: foreign, effect: true });
    await other.close();
    removeStore(path);
    renameSync(directory.path('other.db'), path);
    expect(await saveAgain(store, lease)).toBe('written');
    expect(moves).toEqual([{ path, how: 'replaced' }]);
    expect(await foundAt(path)).toEqual([
      ['one', 45],
      ['two', 2],
    ]);
    await store.close();
  });

  it('is written again where the one in its place is an older copy', async () => {
    const { path, store, lease } = await openWatched();
    await store.close();
    copyFileSync(path, `${path}.copy`);
    const again = await openSqliteStore({ path });
    const moves: StoreMove[] = [];
    again.onMove?.((move) => moves.push(move));
    await leaseOf(again, 'one');
    await again.save(sampleRecord('one', { progress: 99 }), { lease, effect: true });
    removeStore(path);
    renameSync(`${path}.copy`, path);
    await again.renewLeases(claimOf('a'));
    expect(moves).toMatchObject([{ how: 'replaced' }]);
    expect(await again.save(sampleRecord('one', { progress: 99 }), { lease, effect: true })).toBe('written');
    expect(await foundAt(path)).toEqual([['one', 99]]);
    await again.close();
  });

  it('does not take a job from an owner that has it there', async () => {
    const { path, store, lease } = await openWatched();
    const other = await openSqliteStore({ path: directory.path('other.db') });
    const living = { ...claimOf('b', Date.now()), ttlMs: 3_600_000 };
    await leaseOf(other, 'nothing', living);
    const theirs = await leaseOf(other, 'one', living);
    await other.save(sampleRecord('one', { progress: 1 }), { lease: theirs, effect: true });
    await other.close();
    removeStore(path);
    renameSync(directory.path('other.db'), path);
    await expect(saveAgain(store, lease)).rejects.toMatchObject({ kind: 'lease-lost' });
    expect(await foundAt(path)).toEqual([['one', 1]]);
    await store.close();
  });

  it('is refused as long as something else is in its place, which stays as it is', async () => {
    const { path, store, moves, lease } = await openWatched();
    removeStore(path);
    writeFileSync(path, 'Dear Sir or Madam', { mode: 0o644 });
    await expect(saveAgain(store, lease)).rejects.toMatchObject({ kind: 'not-a-store' });
    await expect(store.renewLeases(claimOf('a', NOW + TTL_MS))).rejects.toMatchObject({
      kind: 'not-a-store',
    });
    expect(readFileSync(path, 'utf8')).toBe('Dear Sir or Madam');
    expect(existsSync(`${path}-wal`)).toBe(false);
    rmSync(path);
    expect(await saveAgain(store, lease)).toBe('written');
    expect(moves).toHaveLength(1);
    await store.close();
  });
});

describe('a store file that was overwritten in place while it is open', () => {
  it.each([
    ['emptied', ''],
    ['emptied twice', ''],
  ])('is told and made anew if it was %s', async (how, content) => {
    const { path, store, moves, lease } = await openWatched();
    writeFileSync(path, content);
    expect(await store.renewLeases(claimOf('a', NOW + 10))).toMatchObject([{ token: lease.token }]);
    expect(moves).toEqual([{ path, how: 'removed' }]);
    if (how === 'emptied twice') writeFileSync(path, content);
    expect(await saveAgain(store, lease)).toBe('written');
    expect(await foundAt(path)).toEqual([['one', 45]]);
    await store.close();
    expect(await foundAt(path)).toEqual([['one', 45]]);
  });

  it('is noticed by each of its users', async () => {
    const { path, store, moves, lease } = await openWatched();
    const other = await openSqliteStore({ path });
    const second = await leaseOf(other, 'two', claimOf('b'));
    writeFileSync(path, '');
    await other.save(sampleRecord('two', { progress: 2 }), { lease: second, effect: true });
    expect(await saveAgain(store, lease)).toBe('written');
    expect(moves).toHaveLength(1);
    await store.close();
    await other.close();
    expect(await foundAt(path)).toEqual([
      ['one', 45],
      ['two', 2],
    ]);
  });

  it.each(['my notes', 'my notes\n'.repeat(200), 'my notes\n'.repeat(20_000)])(
    'is refused and left alone if it holds something else: %#',
    async (notes) => {
      const { path, store, lease } = await openWatched();
      writeFileSync(path, notes);
      await expect(saveAgain(store, lease)).rejects.toMatchObject({ kind: 'not-a-store' });
      await store.close();
      expect(readFileSync(path, 'utf8')).toBe(notes);
    },
  );

  it.each([
    ['of the same size', 1, 1],
    ['that is larger', 1, 150],
    ['that is smaller', 150, 1],
  ])('is left for another store %s, which keeps what it held', async (_name, ours, theirs) => {
    const { path, store, moves, lease } = await openWatched();
    await saveMany(store, 'own', ours);
    const otherPath = directory.path('other.db');
    const other = await openSqliteStore({ path: otherPath });
    await saveMany(other, 'other', theirs);
    await other.close();
    writeFileSync(path, readFileSync(otherPath));
    expect(await store.renewLeases(claimOf('a', NOW + 10))).toMatchObject([{ token: lease.token }]);
    expect(moves).toEqual([{ path, how: 'replaced' }]);
    expect(await saveAgain(store, lease)).toBe('written');
    const found = await foundAt(path);
    expect(found).toHaveLength(theirs + 1);
    expect(found).toContainEqual(['one', 45]);
    await store.close();
    expect(await foundAt(path)).toHaveLength(theirs + 1);
  });

  it('is noticed by each of its users, if another store is in its place', async () => {
    const { path, store, moves, lease } = await openWatched();
    const second = await openSqliteStore({ path });
    const theirs = await leaseOf(second, 'two', claimOf('b'));
    const other = await openSqliteStore({ path: directory.path('other.db') });
    await saveMany(other, 'other', 1);
    await other.close();
    writeFileSync(path, readFileSync(directory.path('other.db')));
    await second.save(sampleRecord('two', { progress: 2 }), { lease: theirs, effect: true });
    expect(await saveAgain(store, lease)).toBe('written');
    expect(moves).toHaveLength(1);
    await store.close();
    await second.close();
    expect((await foundAt(path)).map((row) => Array.isArray(row) && row[0])).toEqual([
      'one',
      'other0',
      'two',
    ]);
  });
});
