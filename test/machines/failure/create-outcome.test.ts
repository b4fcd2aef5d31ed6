import { describe, expect, it } from 'vitest';
import { startGoalJob } from '../../../src/engine/job/index.js';
import type { JobInput } from '../../../src/machines/job-input.js';
import type { JobPorts } from '../../../src/machines/ports.js';
import { newJob, runScripted } from '../../support/run-scripted.js';
import { failure, job, scriptedPorts } from '../../support/scripted-ports.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

/** A job whose create is a function of the host's own. */
async function withCreate(
  createJob: JobPorts['createJob'],
  more: Partial<JobInput> = {},
  beforeEffect?: (job: unknown, call: string) => Promise<void>,
) {
  const clock = createVirtualClock();
  const { ports } = scriptedPorts(clock);
  const input = { ...newJob, ...more } as JobInput; // Of the two kinds of input, it stays the one of a new job.
  const options = { ports: { ...ports, createJob }, input, clock, random: () => 0.5 };
  const handle = startGoalJob(beforeEffect === undefined ? options : { ...options, beforeEffect });
  await clock.runUntil(
    () => handle.view().path === 'preparing.outcomeUnknown' || handle.actor.getSnapshot().status !== 'active',
  );
  return handle;
}

const throwing = (): never => {
  throw new Error('a getter that throws');
};

describe('law 1: a create whose outcome is unknown', () => {
  it.each([
    ['a plain error', new Error('the host is broken')],
    ['what has no text', { toString: 1 }],
    ['nothing', undefined],
    ['what throws when it is looked at', Object.defineProperty({}, 'toJSON', { get: throwing })],
    ['a failure that is none but for its kind', { kind: 'server', delivery: 'unknown' }],
  ])('is one where the port of the host throws %s', async (_name, thrown) => {
    const handle = await withCreate(() => Promise.reject(thrown));
    expect(handle.view()).toMatchObject({ path: 'preparing.outcomeUnknown', tags: ['user-input'] });
  });

  it.each([
    ['nothing', undefined],
    ['no id', {}],
    ['an empty id', { ...job(), jobSpecId: '' }],
  ])('is one where that port answers with %s', async (_name, answer) => {
    // Boundary: what a host in JavaScript may answer.
    const handle = await withCreate(async () => answer as never);
    expect(handle.view().path).toBe('preparing.outcomeUnknown');
  });

  it('is none where what goes wrong did so before it left', async () => {
    let creates = 0;
    const handle = await withCreate(
      async () => {
        creates += 1;
        return job();
      },
      {},
      async (_job, call) => {
        if (call === 'createJob') throw new Error('the host could not store the job');
      },
    );
    expect(await handle.result()).toMatchObject({ status: 'failed', failure: { delivery: 'not-sent' } });
    expect(creates).toBe(0);
  });

  it('is detached under the policy `fail`, and never called failed', async () => {
    const handle = await withCreate(() => Promise.reject(new Error('x')), { onUnknownOutcome: 'fail' });
    expect(await handle.result()).toMatchObject({
      ...{ status: 'detached', reason: 'outcome-unknown' },
      failure: { kind: 'outcome-unknown', delivery: 'unknown' },
    });
  });

  it.each([
    ['that is of no use', failure('not-found', { delivery: 'unknown' })],
    ['that does not help', failure('network', { delivery: 'unknown' })],
  ])('is detached under the policy `retry` after a repetition %s', async (_name, answer) => {
    const run = await runScripted(
      { createJob: Array.from({ length: 20 }, () => answer) },
      { ...newJob, onUnknownOutcome: 'retry' },
    );
    expect(await run.handle.result()).toMatchObject({ status: 'detached', reason: 'outcome-unknown' });
  });

  it('keeps its reason when a person leaves it', async () => {
    const handle = await withCreate(() => Promise.reject(new Error('x')));
    expect(await handle.detach()).toMatchObject({ status: 'detached', reason: 'outcome-unknown' });
  });
});
