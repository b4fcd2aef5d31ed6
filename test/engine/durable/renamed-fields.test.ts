import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JobRecord } from '../../../src/engine/store/record/job-record.js';
import { openSqliteStore } from '../../../src/engine/store/sqlite/sqlite-store.js';
import { claimOf, leaseOf } from '../store/sample-record.js';
import { useStoreDirectory } from '../store/store-directory.js';
import { createWorld } from './world.js';

/** Written by the release before: a checkpoint whose slots the server never named, and one value that it refused. */
const fixture: JobRecord = JSON.parse(
  readFileSync(new URL('../store/fixtures/unnamed-slots-v2.json', import.meta.url), 'utf8'),
);

const directory = useStoreDirectory();

async function storeBefore(): Promise<string> {
  const path = directory.path('before.db');
  const before = await openSqliteStore({ path, format: { version: 2, steps: [] } });
  const lease = await leaseOf(before, fixture.id, claimOf('old', fixture.createdAt));
  await before.save(fixture, { lease, effect: false });
  await before.releaseLease(lease);
  await before.close();
  return path;
}

describe('a question that was stored under record version 2', () => {
  it('still takes slots that the server never named', async () => {
    const store = await openSqliteStore({ path: await storeBefore() });
    const w = createWorld(store);
    const handle = await w.open('new').resume(fixture.id);
    await w.untilAt(handle, 'slot_needed.awaitingSlots');
    handle.submitSlots({ another: 'CTO' });
    await w.clock.runUntil(() => handle.actor.getSnapshot().context.question?.values.another === 'CTO');
    const { question } = handle.actor.getSnapshot().context;
    expect(question).toMatchObject({ hasUnknownSlots: true, values: { another: 'CTO', titles: 'CTO' } });
    expect(question?.fieldErrors.map(({ message }) => message)).not.toContain('this slot is not asked for');
    expect(JSON.stringify(await store.load(fixture.id))).not.toContain('isUntold');
    await store.close();
  });
});
