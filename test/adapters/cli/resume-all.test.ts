import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/adapters/cli/run-cli.js';
import { openJobStore } from '../../../src/engine/store/index.js';
import type { JobRecord } from '../../../src/engine/store/record/job-record.js';
import { openSqliteStore } from '../../../src/engine/store/sqlite/sqlite-store.js';
import { startReferenceServer } from '../../e2e/reference-server.js';
import { leaseOf, sampleRecord } from '../../engine/store/sample-record.js';
import { createFakeIo } from './fake-io.js';

const directory = mkdtempSync(join(tmpdir(), 'goal-lane-resume-all-'));
afterAll(() => rmSync(directory, { recursive: true }));

let stores = 0;

const failedAs = (kind: string): Partial<JobRecord> => ({
  state: 'failed',
  jobSpecId: 'job_789',
  retention: {},
  snapshot: { status: 'done', value: 'failed', context: {}, output: { status: 'failed', failure: { kind } } },
});

/** One that was stored by a newer release: nothing but its name can be read. */
async function storeUnreadable(path: string): Promise<void> {
  const newer = { version: 99, steps: [] };
  const store = await openSqliteStore({ path, format: newer });
  const lease = await leaseOf(store, 'alien');
  await store.save(sampleRecord('alien', { schemaVersion: 99 }), { lease, effect: true });
  await store.releaseLease(lease);
  await store.close();
}

/** Runs `resume --all` on a store that holds these, and one that cannot be read where that is asked for. */
async function resumeAll(records: Readonly<Record<string, Partial<JobRecord>>>, hasUnreadable = false) {
  stores += 1;
  const path = join(directory, `jobs-${stores}.db`);
  const store = await openJobStore({ path });
  for (const [id, changes] of Object.entries(records)) {
    const lease = await leaseOf(store, id);
    await store.save(sampleRecord(id, changes), { lease, effect: true });
    await store.releaseLease(lease);
  }
  await store.close();
  if (hasUnreadable) await storeUnreadable(path);
  const server = await startReferenceServer({ isCompleted: true });
  const fake = createFakeIo({
    CONVILYN_API_KEY: server.key,
    CONVILYN_BASE_URL: server.baseUrl,
    GOAL_LANE_STORE: path,
  });
  const out = join(directory, `out-${stores}`);
  const code = await runCli(['resume', '--all', '--no-input', '--json', '--out', out], fake.io);
  await server.close();
  const lines: Record<string, unknown>[] = fake
    .stdout()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { code, lines, last: lines.at(-1), stderr: fake.stderr() };
}

const skippedBy = (lines: readonly Record<string, unknown>[]) =>
  lines.filter(({ type }) => type === 'skipped').map(({ id }) => id);

describe('resume --all', () => {
  it('resumes a job that an older release gave up though it may be alive', async () => {
    const { code, lines, last } = await resumeAll({ lost: failedAs('not-found') });
    expect(code).toBe(0);
    expect(skippedBy(lines)).toEqual([]);
    expect(last).toMatchObject({ type: 'completed', id: 'lost', jobSpecId: 'job_789' });
  });

  it('names what has failed and what is too late, and has nothing left to do', async () => {
    const { code, lines, last, stderr } = await resumeAll({
      failed: failedAs('job-failed'),
      late: { state: 'downloading', retention: { resultExpiresAt: 1_700_000_000_000 } },
      saved: { state: 'completed' },
    });
    expect(code).toBe(0);
    expect(skippedBy(lines).sort()).toEqual(['failed', 'late']);
    // One line, however many there are: they are met by each `resume --all`.
    expect(stderr).toMatch(/^1 job has failed and cannot be resumed \(failed\)\. goal-lane jobs says/m);
    expect(stderr).toMatch(/^Job late cannot be resumed\. /m);
    expect(stderr).not.toContain('Job failed cannot');
    expect(last).toMatchObject({ type: 'completed', count: 0 });
  });

  it('names what it cannot read, and does not end well: that job may live', async () => {
    const { code, lines, last, stderr } = await resumeAll({}, true);
    expect(code).toBe(7);
    expect(skippedBy(lines)).toEqual(['alien']);
    expect(stderr).toMatch(/Job alien cannot be resumed\. It cannot be read: /);
    expect(last).toMatchObject({ type: 'error', exitCode: 7 });
  });

  it('does not end well either where the others do', async () => {
    const { code, last } = await resumeAll({ lost: failedAs('rejected') }, true);
    expect(code).toBe(7);
    expect(last).toMatchObject({ type: 'completed', id: 'lost' });
  });
});
