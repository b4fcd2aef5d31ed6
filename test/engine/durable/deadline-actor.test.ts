import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startGoalJob } from '../../../src/engine/job/start-goal-job.js';
import { type JobRecord, RECORD_VERSION } from '../../../src/engine/store/record/job-record.js';
import { openSqliteStore } from '../../../src/engine/store/sqlite/sqlite-store.js';
import { claimOf, leaseOf } from '../store/sample-record.js';
import { useStoreDirectory } from '../store/store-directory.js';
import { createWorld, INPUT } from './world.js';

/** Written by the release in which each job had an actor for its deadline, one job with a deadline and one without. */
const fixture: readonly JobRecord[] = JSON.parse(
  readFileSync(new URL('../store/fixtures/deadline-v2.json', import.meta.url), 'utf8'),
);
const recordOf = (id: string): JobRecord => {
  const record = fixture.find((candidate) => candidate.id === id);
  if (record === undefined) throw new Error(`no fixture ${id}`);
  return record;
};
const TURN = '0.goalJob.executing.awaitingTurn';

const directory = useStoreDirectory();

/** A store file as the release before left it, read by this one. */
async function openedWith(id: string) {
  const path = directory.path(`${id}.db`);
  const record = recordOf(id);
  const before = await openSqliteStore({ path, format: { version: 2, steps: [] } });
  const lease = await leaseOf(before, id, claimOf('old', record.createdAt));
  await before.save(record, { lease, effect: false });
  await before.releaseLease(lease);
  await before.close();
  return openSqliteStore({ path });
}

const actorsOf = (job: { readonly actor: { getSnapshot(): { readonly children: object } } }): string[] =>
  Object.keys(job.actor.getSnapshot().children);

describe('the actor that waits for a deadline', () => {
  const start = (deadlineAt?: number) => {
    const w = createWorld({} as Parameters<typeof createWorld>[0]);
    const input = deadlineAt === undefined ? INPUT : { ...INPUT, deadlineAt: w.clock.now() + deadlineAt };
    return { w, job: startGoalJob({ ports: w.ports, input, clock: w.clock }) };
  };

  it('is not there for a job without a deadline', async () => {
    const { job } = start();
    expect(actorsOf(job)).toHaveLength(1);
    expect(actorsOf(job)).not.toContain('deadline');
    expect(job.actor.getPersistedSnapshot()).not.toHaveProperty('children.deadline');
    await job.detach();
  });

  it('ends a job with one', async () => {
    const { w, job } = start(500);
    expect(actorsOf(job)).toContain('deadline');
    await w.clock.advance(500);
    expect(await job.result()).toMatchObject({ status: 'detached', reason: 'max-wait' });
  });

  it('begins when a job that had no deadline is resumed with one', async () => {
    const store = await openedWith('without-deadline');
    const w = createWorld(store);
    const jobs = w.open('new');
    const job = await jobs.resume('without-deadline', { deadlineAt: w.clock.now() + 3_600_000 });
    expect(actorsOf(job).sort()).toEqual([TURN, 'deadline']);
    await jobs.close();
    await store.close();
  });
});

describe('a record of the version in which each job had a deadline', () => {
  it('is lifted to one without the wait that never ends', async () => {
    const store = await openedWith('without-deadline');
    const record = await store.load('without-deadline');
    expect(record?.schemaVersion).toBe(RECORD_VERSION);
    expect(record?.snapshot).toMatchObject({ children: { [TURN]: { src: 'pollTurn' } } });
    expect(record?.snapshot).not.toHaveProperty('children.deadline');
    const jobs = createWorld(store).open('new');
    expect(actorsOf(await jobs.resume('without-deadline'))).toEqual([TURN]);
    await jobs.close();
    await store.close();
  });

  it('keeps the deadline that it has', async () => {
    const store = await openedWith('with-deadline');
    const { snapshot, input } = recordOf('with-deadline');
    expect((await store.load('with-deadline'))?.snapshot).toEqual(snapshot);
    const w = createWorld(store);
    const { deadlineAt } = input as { readonly deadlineAt: number };
    // A server that never answers.
    const ports = { ...w.ports, pollTurn: w.ports.startTurn, getStatus: () => new Promise<never>(() => {}) };
    const jobs = w.open('new', { ports });
    const job = await jobs.resume('with-deadline');
    expect(actorsOf(job).sort()).toEqual([TURN, 'deadline']);
    await w.clock.advance(deadlineAt - w.clock.now());
    expect(await job.result()).toMatchObject({ status: 'detached', reason: 'max-wait' });
    await store.close();
  });

  it.each([
    ['without-deadline', [TURN]],
    ['with-deadline', [TURN, 'deadline']],
  ])('is restored alike where a host has kept the snapshot itself: %s', async (id, actors) => {
    const w = createWorld({} as Parameters<typeof createWorld>[0]);
    // Boundary: a record's snapshot is the machine's own.
    const snapshot = recordOf(id).snapshot as NonNullable<Parameters<typeof startGoalJob>[0]['snapshot']>;
    const job = startGoalJob({ ports: w.ports, input: INPUT, clock: w.clock, snapshot });
    expect(actorsOf(job).sort()).toEqual(actors);
    await job.detach();
  });
});
