import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../../src/adapters/cli/run-cli.js';
import { openJobStore } from '../../../../src/engine/store/index.js';
import { leaseOf, sampleRecord } from '../../../engine/store/sample-record.js';
import { createFakeIo } from '../fake-io.js';

const directory = mkdtempSync(join(tmpdir(), 'goal-lane-given-up-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** A store whose job was driven on another machine, which may be gone: its lease has run out. */
async function heldElsewhere(name: string): Promise<string> {
  const path = join(directory, `${name}.db`);
  const store = await openJobStore({ path });
  const owner = { id: 'other', pid: 1, host: 'elsewhere', startedAt: '' };
  const lease = await leaseOf(store, 'job-1', { owner, now: Date.now() - 60_000, ttlMs: 30_000 });
  await store.save(sampleRecord('job-1', { jobSpecId: 'job_789' }), { lease, effect: true });
  await store.close();
  return path;
}

async function resume(name: string, flags: readonly string[], interrupt = false) {
  const env = { CONVILYN_API_KEY: 'key-0123456789abcdef', CONVILYN_BASE_URL: 'http://127.0.0.1:9/api/v1' };
  const fake = createFakeIo({ ...env, GOAL_LANE_STORE: await heldElsewhere(name) });
  const out = join(directory, `out-${name}`);
  const ended = runCli(['resume', 'job-1', '--json', '--out', out, ...flags], fake.io);
  if (interrupt) {
    await expect.poll(fake.stderr, { timeout: 10_000 }).toContain('watching');
    fake.io.interruption.abort();
  }
  const code = await ended;
  const last: unknown = JSON.parse(fake.stdout().trim().split('\n').at(-1) ?? '');
  return { code, last };
}

describe('a command that watches whether another process is gone', () => {
  it('ends as interrupted by Ctrl-C, and says how to resume', async () => {
    const { code, last } = await resume('interrupted', [], true);
    expect(code).toBe(130);
    expect(last).toMatchObject({
      type: 'detached',
      exitCode: 130,
      jobSpecId: 'job_789',
      resumeCommand: expect.stringContaining('resume job-1'),
      // The former name of the field.
      goOn: expect.stringContaining('resume job-1'),
    });
  });

  it('ends with 5 where --max-wait is over before that is known', async () => {
    const { code, last } = await resume('max-wait', ['--max-wait', '1']);
    expect(code).toBe(5);
    expect(last).toMatchObject({ type: 'detached', exitCode: 5, reason: 'max-wait', jobSpecId: 'job_789' });
  });
});
