import { expect, it } from 'vitest';
import { runCli } from '../../../src/adapters/cli/run-cli.js';
import { currentOwner, openJobStore } from '../../../src/engine/store/index.js';
import type { JobRecord } from '../../../src/engine/store/record/job-record.js';
import { claimOf, leaseOf, sampleRecord, TTL_MS } from '../../engine/store/sample-record.js';
import { useStoreDirectory } from '../../engine/store/store-directory.js';
import { createFakeIo } from './fake-io.js';

const directory = useStoreDirectory();
const SERVER = { waitsFor: { reason: 'the server' } };

/** The job as `goal-lane jobs` lists it, stored by this process, or by one of which nothing was heard since 2026. */
async function listed(changes: Partial<JobRecord>, isDriven: boolean) {
  const path = directory.path('jobs.db');
  const store = await openJobStore({ path });
  const claim = isDriven ? { owner: currentOwner(), now: Date.now(), ttlMs: TTL_MS } : claimOf('gone');
  await store.save(sampleRecord('mine', changes), {
    lease: await leaseOf(store, 'mine', claim),
    effect: false,
  });
  const [table, lines] = [createFakeIo({ GOAL_LANE_STORE: path }), createFakeIo({ GOAL_LANE_STORE: path })];
  await runCli(['jobs'], table.io);
  await runCli(['jobs', '--json'], lines.io);
  await store.close();
  const row =
    table
      .stdout()
      .split('\n')
      .find((line) => line.includes('mine')) ?? '';
  return { row, json: JSON.parse(lines.stdout().split('\n')[0] ?? '') };
}

it('shows what a job waits for while a process drives it', async () => {
  const { row, json } = await listed(SERVER, true);
  expect(row).toContain('the server');
  expect(json).toMatchObject({ driver: { pid: process.pid }, ...SERVER });
});

it('shows that a job whose process is gone waits for a resume', async () => {
  const { row, json } = await listed(SERVER, false);
  expect(row).toContain('resume: no process runs it');
  expect(row).not.toContain('the server');
  expect(json).toMatchObject({ canResume: true });
  expect(json).not.toHaveProperty('driver');
});

it('leaves a question to its person, driven or not', async () => {
  const asking = { state: 'slot_needed', tags: ['user-input'], waitsFor: { reason: 'input: tone' } };
  expect((await listed(asking, false)).row).toContain('input: tone');
});

it('shows why a job failed', async () => {
  const output = { status: 'failed', failure: { kind: 'key-refused' } };
  const failed = { state: 'failed', tags: [], snapshot: { status: 'done', value: 'failed', output } };
  expect((await listed(failed, false)).row).toContain('key-refused');
});
