import { describe, expect, it } from 'vitest';
import { CREATE_GRACE_MS } from '../../../src/engine/job/create-grace.js';
import { startGoalJob } from '../../../src/engine/job/index.js';
import type { JobPorts } from '../../../src/machines/ports.js';
import { newJob } from '../../support/run-scripted.js';
import { failure, job, scriptedPorts } from '../../support/scripted-ports.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const MAX_WAIT_MS = 60_000;

interface Settle {
  resolve(): void;
  reject(): void;
}

/** A job whose create is in flight, with a deadline if that ends it. */
async function inCreate(how: 'detach' | 'deadline') {
  const clock = createVirtualClock();
  const { ports, calls } = scriptedPorts(clock);
  let settle: Settle | undefined;
  let isAborted = false;
  const createJob: JobPorts['createJob'] = (_input, { signal }) =>
    new Promise((resolve, reject) => {
      settle = {
        resolve: () => resolve(job({ jobSpecId: 'job_7' })),
        reject: () => reject(failure('validation').fail),
      };
      signal.addEventListener('abort', () => {
        isAborted = true;
        reject(signal.reason);
      });
    });
  const deadline = how === 'deadline' ? { deadlineAt: clock.now() + MAX_WAIT_MS } : {};
  const handle = startGoalJob({
    ...{ ports: { ...ports, createJob }, clock, random: () => 0.5 },
    input: { ...newJob, ...deadline },
  });
  await clock.runUntil(() => settle !== undefined, 1_000);
  if (how === 'deadline') await clock.advance(MAX_WAIT_MS);
  const output = how === 'detach' ? handle.detach() : handle.result();
  return { clock, handle, output, settle, calls, isAborted: () => isAborted };
}

const REASON = { detach: 'requested', deadline: 'max-wait' } as const;

describe.each(['detach', 'deadline'] as const)('law 1: a create in flight at the %s', (how) => {
  it('has some seconds to answer, and its job is known', async () => {
    const { clock, output, settle, calls, isAborted } = await inCreate(how);
    await clock.advance(CREATE_GRACE_MS - 1);
    expect(isAborted()).toBe(false);
    settle?.resolve();
    expect(await output).toMatchObject({ status: 'detached', reason: REASON[how], jobSpecId: 'job_7' });
    expect(calls.map(({ name }) => name)).not.toContain('confirmJob');
    expect(clock.pending()).toBe(0);
  });

  it('is cut after them, with its outcome unknown', async () => {
    const { clock, handle, output, isAborted } = await inCreate(how);
    await clock.advance(CREATE_GRACE_MS);
    expect(isAborted()).toBe(true);
    expect(await output).toMatchObject({ status: 'detached', failure: { kind: 'outcome-unknown' } });
    expect(handle.view().jobSpecId).toBeUndefined();
    expect(clock.pending()).toBe(0);
  });

  it('is reported as refused where the API refuses it', async () => {
    const { clock, output, settle } = await inCreate(how);
    settle?.reject();
    expect(await output).toMatchObject({ status: 'failed', failure: { kind: 'validation' } });
    expect(clock.pending()).toBe(0);
  });
});

describe('the command DETACH', () => {
  it('does not wait', async () => {
    const { handle, output, isAborted } = await inCreate('deadline');
    handle.send({ type: 'DETACH' });
    expect(await output).toMatchObject({ status: 'detached', failure: { kind: 'outcome-unknown' } });
    expect(isAborted()).toBe(true);
  });
});
