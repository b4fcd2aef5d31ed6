import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sqliteFailure } from '../../../src/engine/store/sqlite/sqlite-failure.js';
import { openSqliteStore } from '../../../src/engine/store/sqlite/sqlite-store.js';
import { isStoreError, StoreError } from '../../../src/engine/store/store-error.js';
import { openRaw } from '../../support/raw-database.js';
import { bundleStoreChild, useStoreChildren } from './child-process.js';
import { leaseOf, sampleRecord } from './sample-record.js';
import { useStoreDirectory } from './store-directory.js';

const directory = useStoreDirectory();
const children = useStoreChildren();
beforeAll(bundleStoreChild);

async function fill(path: string, count: number): Promise<void> {
  const store = await openSqliteStore({ path });
  for (let i = 0; i < count; i += 1) {
    const record = sampleRecord(`job-${i}`, { snapshot: { padding: 'x'.repeat(3_000) } });
    await store.save(record, { lease: await leaseOf(store, record.id), effect: false });
  }
  await store.close();
}

describe('a full disk', () => {
  it('is named, and what was stored before can still be read', async () => {
    const child = children.start(['fill', directory.path('jobs.db')], 'ulimit -f 400');
    const report = await child.next();
    expect(report).toMatchObject({ kind: 'full-disk', message: expect.stringContaining('no room left') });
    expect(report).toMatchObject({ leases: 'full-disk', heldAfter: 1 });
    const { refused, stored } = Object(report);
    expect(refused).toBeGreaterThan(1);
    expect(stored).toBe(refused - 1);
  }, 20_000);

  it('is recognised by the error of the driver', () => {
    const raw = openRaw(directory.path('jobs.db'));
    raw.exec('CREATE TABLE t (a TEXT); PRAGMA max_page_count = 3');
    const error = caught(() => raw.prepare('INSERT INTO t VALUES (?)').run('x'.repeat(50_000)));
    expect(sqliteFailure(error, '/s.db')).toMatchObject({ kind: 'full-disk', path: '/s.db', cause: error });
    raw.close();
  });

  it('is recognised by the error of the file system', () => {
    const refusal = (code: string) => sqliteFailure(Object.assign(new Error(code), { code }), '/s.db').kind;
    expect(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EIO'].map(refusal)).toEqual([
      'full-disk',
      'full-disk',
      'read-only',
      'read-only',
      'unusable',
    ]);
  });
});

describe('a store that cannot be written', () => {
  it('is named where the directory is read-only, with a store in it or not', async () => {
    const path = directory.path('shut/jobs.db');
    await fill(path, 1);
    chmodSync(dirname(dirname(path)), 0o755);
    chmodSync(dirname(path), 0o555);
    chmodSync(path, 0o444);
    const readOnly = { kind: 'read-only', message: expect.stringContaining('cannot be written') };
    expect(await children.start(['open', path]).next()).toMatchObject(readOnly);
    expect(await children.start(['open', `${path}.new`]).next()).toMatchObject(readOnly);
    expect(await children.start(['open', `${dirname(path)}/below/jobs.db`]).next()).toMatchObject(readOnly);
  }, 20_000);

  it('is named where the driver finds out', () => {
    const raw = openRaw(directory.path('jobs.db'));
    raw.exec('CREATE TABLE t (a TEXT); PRAGMA query_only = 1');
    expect(
      sqliteFailure(
        caught(() => raw.exec('INSERT INTO t VALUES (1)')),
        '/s.db',
      ).kind,
    ).toBe('read-only');
    raw.close();
  });
});

describe('a locked store', () => {
  it('is named when the wait is over, at opening and at saving, and works again afterwards', async () => {
    const path = directory.path('jobs.db');
    const store = await openSqliteStore({ path, busyTimeoutMs: 20 });
    const lease = await leaseOf(store, 'one');
    const other = openRaw(path);
    other.exec('BEGIN IMMEDIATE');
    const locked = { kind: 'locked', message: expect.stringContaining('held by another process') };
    await expect(store.save(sampleRecord('one'), { lease, effect: true })).rejects.toMatchObject(locked);
    await expect(openSqliteStore({ path, busyTimeoutMs: 20 })).rejects.toMatchObject(locked);
    other.exec('ROLLBACK');
    other.close();
    expect(await store.save(sampleRecord('one'), { lease, effect: true })).toBe('written');
    await store.close();
  });
});

describe('a store that another process keeps for itself', () => {
  it.each([0, 1])('is named after the wait, and not once for each try (%d jobs in it)', async (count) => {
    const path = directory.path('jobs.db');
    await fill(path, count);
    const other = openRaw(path);
    other.exec('BEGIN EXCLUSIVE');
    const since = performance.now();
    await expect(openSqliteStore({ path, busyTimeoutMs: 500 })).rejects.toMatchObject({ kind: 'locked' });
    expect(performance.now() - since).toBeLessThan(2_000);
    other.exec('ROLLBACK');
    other.close();
    await (await openSqliteStore({ path })).close();
  });
});

describe('a store whose folder cannot be made', () => {
  it.runIf(process.platform === 'linux')('is named where a folder can hold no other', async () => {
    await expect(openSqliteStore({ path: '/proc/goal-lane/below/jobs.db' })).rejects.toMatchObject({
      kind: 'unusable',
      message: expect.stringContaining('/proc/goal-lane'),
    });
  });
});

describe('a damaged store', () => {
  it('is named at opening where pages are garbage', async () => {
    const path = directory.path('jobs.db');
    await fill(path, 40);
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(60_000, 0x5a), 0, 60_000, 8_192);
    closeSync(file);
    await expect(openSqliteStore({ path })).rejects.toMatchObject({
      kind: 'corrupt',
      advice: expect.stringContaining('Move'),
    });
  });

  it('is named at opening where the end is missing', async () => {
    const path = directory.path('jobs.db');
    await fill(path, 40);
    truncateSync(path, 20_000);
    await expect(openSqliteStore({ path })).rejects.toMatchObject({ kind: 'corrupt' });
  });

  it('still lists the jobs beside a damaged one', async () => {
    const path = directory.path('jobs.db');
    await fill(path, 3);
    const raw = openRaw(path);
    raw.exec("UPDATE jobs SET body = 'garbage' WHERE id = 'job-1'");
    raw.close();
    const store = await openSqliteStore({ path });
    const { records, unreadable } = await store.list();
    expect(records.map((record) => record.id)).toEqual(['job-0', 'job-2']);
    expect(unreadable).toMatchObject([{ id: 'job-1', error: { kind: 'corrupt' } }]);
    await expect(store.load('job-1')).rejects.toThrow(/job-1 is damaged/);
    await store.close();
  });
});

describe('something that is not a store', () => {
  it.each([
    ['a text', (path: string) => writeFileSync(path, 'Dear Sir or Madam, '.repeat(300))],
    ["another program's database", (path: string) => openRaw(path).exec('CREATE TABLE bookmarks (a TEXT)')],
    ['a directory', (path: string) => mkdirSync(path)],
  ])('is left as it is: %s', async (_, make) => {
    const path = directory.path('jobs.db');
    make(path);
    const before = readIt(path);
    const opened = openSqliteStore({ path });
    await expect(opened).rejects.toMatchObject({
      kind: 'not-a-store',
      message: expect.stringContaining(path),
    });
    expect(readIt(path)).toEqual(before);
  });

  it('is not a path below a file either', async () => {
    writeFileSync(directory.path('file'), '');
    const opened = openSqliteStore({ path: directory.path('file/jobs.db') });
    await expect(opened).rejects.toMatchObject({ kind: 'not-a-store' });
  });

  it('is a store of a newer release that is left as it is', async () => {
    const path = directory.path('jobs.db');
    await fill(path, 1);
    const raw = openRaw(path);
    raw.exec('PRAGMA user_version = 99');
    raw.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
    raw.close();
    const before = readIt(path);
    await expect(openSqliteStore({ path })).rejects.toMatchObject({ kind: 'newer-version' });
    expect(readIt(path)).toEqual(before);
  });

  const readIt = (path: string) => caughtOr(() => readFileSync(path));
});

describe('StoreError', () => {
  it('has the plain form of a failure', () => {
    const error = new StoreError('full-disk', 'No room.', { path: '/s.db' });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      kind: 'storage',
      message: 'No room.',
      advice: error.advice,
      delivery: 'not-sent',
      findings: ['full-disk'],
    });
    expect([isStoreError(error), isStoreError(new Error('x')), isStoreError(undefined)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

function caughtOr(work: () => Buffer): Buffer | string {
  try {
    return work();
  } catch (error) {
    return String(error);
  }
}
