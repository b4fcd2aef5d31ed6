import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JobStore } from '../../../src/engine/store/job-store.js';
import { openSqliteStore } from '../../../src/engine/store/sqlite/sqlite-store.js';
import { isStoreError } from '../../../src/engine/store/store-error.js';
import { openRaw } from '../../support/raw-database.js';
import { claimOf, leaseOf, NOW, sampleRecord, TTL_MS } from './sample-record.js';
import { useStoreDirectory } from './store-directory.js';

const directory = useStoreDirectory();
const IDS = ['good-1', 'bad', 'good-2'];
const recordOf = (id: string) => sampleRecord(id, { step: `MARK-${id}`, workflowId: `w-${id}` });

async function fill(path: string): Promise<void> {
  const store = await openSqliteStore({ path });
  for (const id of IDS) await store.save(recordOf(id), { lease: await leaseOf(store, id), effect: true });
  await store.saveLane('lane', { queueOrder: IDS, updatedAt: NOW });
  await store.close();
}

/** Puts other bytes in the place of those that say `text`, wherever they stand in the file. */
function overwrite(path: string, text: string, bytes: Buffer): void {
  const file = readFileSync(path);
  let at = file.indexOf(text);
  expect(at).toBeGreaterThan(0);
  for (; at >= 0; at = file.indexOf(text, at + 1)) bytes.copy(file, at);
  writeFileSync(path, file);
}

/** Changes rows in ways that their table would refuse; the table is as it was afterwards. */
function damage(path: string, table: string, sql: string): void {
  const inSchema = (change: (raw: ReturnType<typeof openRaw>) => void): void => {
    const raw = openRaw(path);
    // Boundary: newer drivers guard the schema; older ones have no such function.
    Object(raw).enableDefensive?.(false);
    raw.exec('PRAGMA writable_schema = ON');
    change(raw);
    raw.close();
  };
  let before = '';
  inSchema((raw) => {
    raw.exec(`DROP TRIGGER IF EXISTS ${table}_unchecked`);
    before = Object(raw.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').get(table)).sql;
    const loose = before.replaceAll('NOT NULL', '').replace(') STRICT', ')');
    raw.prepare('UPDATE sqlite_schema SET sql = ? WHERE name = ?').run(loose, table);
  });
  const raw = openRaw(path);
  raw.exec(sql);
  raw.close();
  inSchema((again) => again.prepare('UPDATE sqlite_schema SET sql = ? WHERE name = ?').run(before, table));
}

async function expectOnlyBadIsUnreadable(store: JobStore): Promise<void> {
  const { records, unreadable } = await store.list();
  expect(records).toEqual([recordOf('good-1'), recordOf('good-2')]);
  expect(unreadable).toMatchObject([
    { id: 'bad', error: { kind: 'corrupt', message: 'The stored job bad is damaged.' } },
  ]);
  await expect(store.load('bad')).rejects.toMatchObject({ kind: 'corrupt' });
  expect(await store.load('good-2')).toEqual(recordOf('good-2'));
}

describe('one damaged record', () => {
  it.each([
    ['a byte that is not UTF-8', Buffer.from([0xff])],
    ['a letter that is another one', Buffer.from('m')],
    ['a NUL', Buffer.from([0])],
    ['an end of its JSON', Buffer.from('"}')],
  ])('is reported by its name and hides no other: %s', async (_, bytes) => {
    const path = directory.path('jobs.db');
    await fill(path);
    overwrite(path, 'MARK-bad', bytes);
    const store = await openSqliteStore({ path });
    await expectOnlyBadIsUnreadable(store);
    await store.close();
  });

  it('is written over by the job itself, while it runs', async () => {
    const path = directory.path('jobs.db');
    await fill(path);
    overwrite(path, 'MARK-bad', Buffer.from([0xff]));
    const store = await openSqliteStore({ path });
    const lease = await leaseOf(store, 'bad');
    const next = { ...recordOf('bad'), progress: 99 };
    expect(await store.save(next, { lease, effect: true })).toBe('written');
    expect(await store.load('bad')).toEqual(next);
    await store.close();
  });
});

describe('a damaged row', () => {
  it.each([
    'body = NULL',
    "body = x'00ff'",
    'body = 12',
    "body = ''",
    'body = substr(body, 1, 90)',
    "body = replace(body, 'MARK', 'MERK')",
    "body = '[]', checksum = NULL",
    "body = CAST(x'7bff7d' AS TEXT), checksum = NULL",
    "body = (SELECT body FROM jobs WHERE id = 'good-1'), checksum = NULL",
    "body = replace(body, 'MARK', CAST(x'ff' AS TEXT)), checksum = NULL",
    "checksum = 'another'",
    'checksum = 9223372036854775807',
  ])('is reported by its name and hides no other: %s', async (change) => {
    const path = directory.path('jobs.db');
    await fill(path);
    damage(path, 'jobs', `UPDATE jobs SET ${change} WHERE id = 'bad'`);
    const store = await openSqliteStore({ path });
    await expectOnlyBadIsUnreadable(store);
    await store.close();
  });

  it.each([
    'state = NULL',
    'job_spec_id = 7',
    'workflow_id = NULL',
    "created_at = 'soon'",
    'schema_version = 9223372036854775807',
    'schema_version = NULL',
    'effect = NULL',
    "digest = x'ff'",
  ])('is still read if a copied column is damaged, and can be saved again: %s', async (change) => {
    const path = directory.path('jobs.db');
    await fill(path);
    damage(path, 'jobs', `UPDATE jobs SET ${change} WHERE id = 'bad'`);
    const store = await openSqliteStore({ path });
    const { records } = await store.list({ workflowId: 'w-bad', jobSpecId: 'spec-bad' });
    expect(records).toEqual([recordOf('bad')]);
    expect((await store.list()).records).toHaveLength(3);
    const lease = await leaseOf(store, 'bad');
    const next = { ...recordOf('bad'), progress: 99 };
    expect(await store.save(next, { lease, effect: true })).toBe('written');
    expect(await store.load('bad')).toEqual(next);
    await store.close();
  });

  it.each([
    'body = NULL',
    'body = 1',
    "comparable = NULL, body = '{'",
    "body = replace(body, 'good', 'evil')",
  ])('of a lane is reported, and what the lane learns next is kept: %s', async (change) => {
    const path = directory.path('jobs.db');
    await fill(path);
    damage(path, 'lanes', `UPDATE lanes SET ${change}`);
    const store = await openSqliteStore({ path });
    await expect(store.loadLane('lane')).rejects.toMatchObject({ kind: 'corrupt' });
    expect((await store.list()).records).toHaveLength(3);
    const lane = { queueOrder: IDS, updatedAt: NOW };
    expect(await store.saveLane('lane', lane)).toBe('written');
    expect(await store.loadLane('lane')).toEqual(lane);
    await store.close();
  });
});

describe('damaged leases', () => {
  it.each([
    ['leases', "UPDATE leases SET token = 'x' WHERE job_id = 'bad'"],
    ['leases', "UPDATE leases SET token = NULL WHERE job_id = 'bad'"],
    ['leases', "UPDATE leases SET owner_id = 'nobody' WHERE job_id = 'bad'"],
    ['last_token', 'DELETE FROM last_token'],
    ['last_token', "UPDATE last_token SET token = 'x'"],
    ['last_token', 'UPDATE last_token SET token = 0'],
  ])('hide no other, and the job can be taken: %s %s', async (table, sql) => {
    const path = directory.path('jobs.db');
    await fill(path);
    damage(path, table, sql);
    const store = await openSqliteStore({ path });
    const held = (await store.leases()).map((lease) => lease.jobId);
    expect(held).toEqual(expect.arrayContaining(['good-1', 'good-2']));
    const highest = Math.max(...(await store.leases()).map((lease) => lease.token));
    const silent = new Map((await store.leases()).map((lease) => [lease.owner.id, lease.expiresAt]));
    const later = { ...claimOf('b', NOW + TTL_MS), silent };
    const taken = await leaseOf(store, 'bad', later);
    expect(taken.token).toBeGreaterThan(highest);
    expect(await store.save({ ...recordOf('bad'), progress: 99 }, { lease: taken, effect: true })).toBe(
      'written',
    );
    await store.close();
  });

  it('of an owner come back with its next heartbeat', async () => {
    const path = directory.path('jobs.db');
    await fill(path);
    damage(path, 'owners', 'DELETE FROM owners');
    const store = await openSqliteStore({ path });
    expect((await store.renewLeases(claimOf('a'))).map((lease) => lease.jobId)).toEqual([
      'bad',
      'good-1',
      'good-2',
    ]);
    await store.close();
  });
});

/** A fixed sequence of places, spread over the file. */
const places = (size: number, count: number) =>
  Array.from({ length: count }, (_, i) => Math.floor(((i * 0.618_033_988_7) % 1) * size));

describe('a bit that flips anywhere in the file', () => {
  it('is reported, or has no effect: a record is never read as another than was stored', async () => {
    const path = directory.path('jobs.db');
    await fill(path);
    const sound = readFileSync(path);
    const seen: Record<string, number> = { whole: 0, one: 0, refused: 0 };
    for (const [turn, place] of places(sound.length, 200).entries()) {
      const flipped = Buffer.from(sound);
      flipped[place] = (flipped[place] ?? 0) ^ (1 << (turn % 8));
      writeFileSync(path, flipped);
      const kind = await openSqliteStore({ path }).then(
        async (store) => {
          const { records, unreadable } = await store.list();
          await store.close();
          for (const record of records) expect(record).toEqual(recordOf(record.id));
          expect(records.length + unreadable.length).toBe(3);
          expect(records.length).toBeGreaterThanOrEqual(2);
          return records.length === 3 ? 'whole' : 'one';
        },
        (error) => {
          expect(isStoreError(error) && error.kind).toMatch(/corrupt|not-a-store|newer-version|unusable/);
          return 'refused';
        },
      );
      seen[kind] = (seen[kind] ?? 0) + 1;
    }
    expect(seen.one).toBeGreaterThan(5);
  }, 60_000);
});
