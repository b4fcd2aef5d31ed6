import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openJobStore } from '../../../src/engine/store/index.js';
import { openRaw } from '../../support/raw-database.js';
import { leaseOf, sampleRecord } from './sample-record.js';
import { useStoreDirectory } from './store-directory.js';

const directory = useStoreDirectory();

it('a store whose process was killed while its log was moved into the file is whole with its log', async () => {
  const [path, killed] = [directory.path('jobs.db'), directory.path('killed.db')];
  const store = await openJobStore({ path });
  // The file has to grow by it.
  const record = sampleRecord('mine', { step: 'x'.repeat(100_000) });
  await store.save(record, { lease: await leaseOf(store, 'mine'), effect: false });
  copyFileSync(`${path}-wal`, `${killed}-wal`);
  const before = readFileSync(path);
  const raw = openRaw(path);
  raw.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  raw.close();
  await store.close();
  // Pages are moved in their order: the first one says how many there are to be.
  const whole = readFileSync(path);
  const pageSize = whole.readUInt16BE(16);
  expect(whole.length).toBeGreaterThan(before.length);
  const halfMoved = Buffer.concat([whole.subarray(0, pageSize), before.subarray(pageSize)]);
  writeFileSync(killed, halfMoved, { mode: 0o600 });
  const again = await openJobStore({ path: killed });
  expect(await again.load('mine')).toMatchObject({ id: 'mine' });
  await again.close();
});
