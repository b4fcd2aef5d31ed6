import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startGoalJob } from '../../../src/engine/job/start-goal-job.js';
import { type JobRecord, RECORD_VERSION } from '../../../src/engine/store/record/job-record.js';
import { openSqliteStore } from '../../../src/engine/store/sqlite/sqlite-store.js';
import { claimOf, leaseOf } from '../store/sample-record.js';
import { useStoreDirectory } from '../store/store-directory.js';
import { createWorld, INPUT } from './world.js';

/** Written by the release before the states were renamed, one job at each of them. */
const fixture: readonly JobRecord[] = JSON.parse(
  readFileSync(new URL('../store/fixtures/renamed-states-v1.json', import.meta.url), 'utf8'),
);
const recordOf = (id: string): JobRecord => {
  const record = fixture.find((candidate) => candidate.id === id);
  if (record === undefined) throw new Error(`no fixture ${id}`);
  return record;
};

const directory = useStoreDirectory();

/** A store file as the release before left it. */
async function storeBefore(record: JobRecord): Promise<string> {
  const path = directory.path(`${record.id}.db`);
  const before = await openSqliteStore({ path, format: { version: 1, steps: [] } });
  const lease = await leaseOf(before, record.id, claimOf('old', record.createdAt));
  await before.save(record, { lease, effect: false });
  await before.releaseLease(lease);
  await before.close();
  return path;
}

const pathOf = (snapshot: object): string =>
  'value' in snapshot ? Object.entries(Object(snapshot.value)).flat().join('.') : '';

const PLACES = [
  ['executing-pausing', ['executing.awaitingTurn']],
  ['executing-refreshing', ['executing.readingAgain']],
  ['executing-waiting-to-re-read', ['executing.backingOff', 'executing.readingAgain']],
  ['confirming-waiting-to-refresh', ['confirming.backingOff', 'confirming.refreshingVersion']],
  ['confirming-requesting', ['confirming.sending']],
  ['confirming-rate-limited', ['confirming.rateLimited', 'confirming.sending']],
  ['confirming-pausing', ['confirming.awaitingTurn']],
  ['preparing-arming', ['preparing.takingTicket', 'preparing.creating']],
] as const;

describe('a job that was stored under the old name of its state', () => {
  it.each(PLACES)('%s continues from there: %j', async (id, expected) => {
    const store = await openSqliteStore({ path: await storeBefore(recordOf(id)) });
    const w = createWorld(store);
    const places: string[] = [];
    const jobs = w.open('new', {
      inspect: (event) => {
        if (event.type !== '@xstate.snapshot' || event.actorRef.sessionId !== event.rootId) return;
        const path = pathOf(event.snapshot);
        if (path !== places.at(-1)) places.push(path);
      },
    });
    await jobs.resume(id);
    await w.clock.runUntil(() => places.length >= expected.length);
    expect(places.slice(0, expected.length)).toEqual(expected);
    await jobs.close();
    await store.close();
  });

  it('keeps what its call has met under the new name of the call', async () => {
    const store = await openSqliteStore({
      path: await storeBefore(recordOf('executing-waiting-to-re-read')),
    });
    const record = await store.load('executing-waiting-to-re-read');
    expect(record).toMatchObject({
      schemaVersion: RECORD_VERSION,
      snapshot: {
        context: { interrupted: 'readingAgain', setbacks: { readingAgain: { attempts: 1 } } },
        children: { '0.goalJob.executing.backingOff': { src: 'waitUntil' } },
      },
    });
    expect(JSON.stringify(record)).not.toContain('refreshingVersion');
    await store.close();
  });
});

describe('a snapshot that a host has kept itself', () => {
  it('is restored under the old names of its states too', async () => {
    // Boundary: a record's snapshot is the machine's own.
    const snapshot = recordOf('executing-pausing').snapshot as NonNullable<
      Parameters<typeof startGoalJob>[0]['snapshot']
    >;
    const w = createWorld({} as Parameters<typeof createWorld>[0]);
    const job = startGoalJob({ ports: w.ports, input: INPUT, clock: w.clock, snapshot });
    expect(job.view().path).toBe('executing.awaitingTurn');
    await w.clock.runUntil(() => w.server.log.statusReads.length > 0);
    expect(w.server.log.statusReads).toHaveLength(1);
    await job.detach();
  });
});
