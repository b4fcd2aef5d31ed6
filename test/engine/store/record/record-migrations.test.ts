import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRecordCodec } from '../../../../src/engine/store/record/record-codec.js';
import {
  migrateRecord,
  RECORD_FORMAT,
  type RecordFormat,
} from '../../../../src/engine/store/record/record-migrations.js';
import { openSqliteStore } from '../../../../src/engine/store/sqlite/sqlite-store.js';
import { claimAfterSilence, leaseOf, NOW, sampleRecord } from '../sample-record.js';
import { useStoreDirectory } from '../store-directory.js';

const fixture = readFileSync(new URL('../fixtures/record-v1.json', import.meta.url), 'utf8');
const fixtureId = '0b6f0c1e-7a52-4c8b-9a8e-3f1d2b7c9e10';

/** As if there had been a release before the first, whose chart said `running` and whose files were bare paths. */
const withVersion0: RecordFormat = {
  version: 1,
  steps: [
    {
      from: 0,
      up: ({ status, files, ...rest }) => ({
        ...rest,
        state: status === 'running' ? 'executing' : status,
        tags: [],
        files: Array.isArray(files) ? files.map((path) => ({ path, bytes: 0, mtimeMs: 0 })) : [],
        retention: {},
        snapshot: renameState(rest.snapshot),
      }),
    },
  ],
};

function renameState(snapshot: unknown): unknown {
  return JSON.parse(JSON.stringify(snapshot).replace('"running"', '"executing"'));
}

const version0 = {
  schemaVersion: 0,
  id: 'old',
  status: 'running',
  createdAt: NOW,
  updatedAt: NOW,
  input: {},
  snapshot: { status: 'active', value: 'running' },
  files: ['/home/ada/resume.pdf'],
};

describe('record migrations', () => {
  it('reads the stored record of the first version', () => {
    const record = createRecordCodec().decode(fixtureId, fixture);
    expect(record).toEqual({ ...JSON.parse(fixture), schemaVersion: RECORD_FORMAT.version });
    expect(record.snapshot).toMatchObject({ value: { executing: { reading: 'requesting' } } });
  });

  it('lifts a record and its snapshot of an older statechart', () => {
    const record = createRecordCodec({ format: withVersion0 }).decode('old', JSON.stringify(version0));
    expect(record).toMatchObject({ schemaVersion: 1, state: 'executing', snapshot: { value: 'executing' } });
    expect(record.files).toEqual([{ path: '/home/ada/resume.pdf', bytes: 0, mtimeMs: 0 }]);
  });

  it('takes the steps in order, each once, whatever order they are listed in', () => {
    const step = (from: number) => ({
      from,
      up: (record: object) => ({ ...record, [`step${from}`]: Object.keys(record).length }),
    });
    const lifted = migrateRecord(
      { schemaVersion: 1, id: 'x' },
      { version: 4, steps: [step(3), step(1), step(0), step(2)] },
    );
    expect(lifted).toEqual({ schemaVersion: 4, id: 'x', step1: 2, step2: 3, step3: 4 });
  });

  it.each([
    ['a gap in the steps', { schemaVersion: 0, id: 'x' }, 'corrupt'],
    ['no version', { id: 'x' }, 'corrupt'],
    ['a version that is none', { schemaVersion: '1', id: 'x' }, 'corrupt'],
    ['no object', [1], 'corrupt'],
    ['a newer version', { schemaVersion: RECORD_FORMAT.version + 1, id: 'x' }, 'newer-version'],
  ])('refuses %s', (_, raw, kind) => {
    expect(() => migrateRecord(raw)).toThrow(expect.objectContaining({ name: 'StoreError', kind }));
  });

  it('refuses a record that is damaged, naming it', () => {
    const decode = (text: string) => () => createRecordCodec().decode('one', text);
    expect(decode('{"schemaVersion":1,')).toThrow(/job one is damaged/);
    expect(decode(JSON.stringify({ ...JSON.parse(fixture), tags: 'none' }))).toThrow(/job one is damaged/);
    const { snapshot: _, ...without } = JSON.parse(fixture);
    expect(decode(JSON.stringify(without))).toThrow(/job one is damaged/);
  });
});

describe('a store file shared by two releases', () => {
  const directory = useStoreDirectory();
  const newer: RecordFormat = {
    version: RECORD_FORMAT.version + 1,
    steps: [
      ...RECORD_FORMAT.steps,
      { from: RECORD_FORMAT.version, up: (record) => ({ ...record, step: 'lifted' }) },
    ],
  };

  it('is lifted on reading and left alone by the older release', async () => {
    const path = directory.path('jobs.db');
    const older = await openSqliteStore({ path });
    for (const id of ['one', 'two']) {
      await older.save(sampleRecord(id), { lease: await leaseOf(older, id), effect: false });
    }
    const next = await openSqliteStore({ path, format: newer });
    const lifted = await next.load('one');
    expect(lifted).toEqual(sampleRecord('one', { schemaVersion: newer.version, step: 'lifted' }));
    const lease = await leaseOf(next, 'one', await claimAfterSilence(next, 'b'));
    await next.save(sampleRecord('one', { progress: 70 }), { lease, effect: false });

    await expect(older.load('one')).rejects.toMatchObject({
      kind: 'newer-version',
      advice: expect.stringMatching(/upgrade/i),
    });
    const listing = await older.list();
    expect(listing.records.map((record) => record.id)).toEqual(['two']);
    expect(listing.unreadable).toMatchObject([{ id: 'one', error: { kind: 'newer-version' } }]);
    const again = await leaseOf(older, 'one', await claimAfterSilence(older, 'c'));
    const overwrite = older.save(sampleRecord('one', { progress: 1 }), { lease: again, effect: false });
    await expect(overwrite).rejects.toMatchObject({ kind: 'newer-version' });
    expect((await next.load('one'))?.progress).toBe(70);
    await older.close();
    await next.close();
  });
});
