import { describe, expect, it } from 'vitest';
import type { Failure } from '../../src/services/failure.js';
import { runScripted } from '../support/run-scripted.js';
import { failure, reading } from '../support/scripted-ports.js';

describe('law 7: what does not heal is detached, never requested for ever', () => {
  it.each([
    ['the API', { speaker: 'api', delivery: 'refused' }],
    ['without a person to ask', { speaker: 'unknown', delivery: 'unknown' }],
  ] as const)('a confirm that is refused as out of turn for ever, by %s', async (_name, more) => {
    const run = await runScripted({
      confirmJob: [failure('invalid-transition', { status: 400, ...more })],
      getStatus: [reading('pending')],
    });
    expect(await run.handle.result()).toMatchObject({ status: 'detached', reason: 'unreachable' });
    expect(run.names().filter((name) => name === 'confirmJob').length).toBeLessThan(20);
  });
});

/** How long a job that is only known by its name is asked for, in ms. */
async function patienceWith(kind: Failure['kind']): Promise<number> {
  const run = await runScripted({ getJob: [failure(kind, { speaker: 'api' })] }, { jobSpecId: 'job_1' });
  expect(await run.handle.result()).toMatchObject({ status: 'detached', jobSpecId: 'job_1' });
  return (run.calls.at(-1)?.at ?? 0) - (run.calls[0]?.at ?? 0);
}

describe('a job of which no more than its name is known', () => {
  it.each(['not-found', 'gone', 'validation', 'invalid-transition'] as const)(
    'is soon given up where the name is what is wrong: %s',
    async (kind) => expect(await patienceWith(kind)).toBeLessThan(10_000),
  );

  it.each(['rejected', 'version-conflict'] as const)(
    'is asked for as long as any other where the refusal says nothing of its name: %s',
    async (kind) => expect(await patienceWith(kind)).toBeGreaterThan(20_000),
  );
});

describe('law 8: a 410 that is not about the result', () => {
  it.each([
    ['of the status', { getStatus: [failure('gone', { speaker: 'api', path: '/jobs/goal/job_1/status' })] }],
    ['of the job', { getJob: [failure('gone', { speaker: 'api', path: '/jobs/goal/job_1' })] }],
  ] as const)('%s is not reported as a deleted result', async (call, answers) => {
    const run = await runScripted(answers, call === 'of the job' ? { jobSpecId: 'job_1' } : undefined);
    expect(await run.handle.result()).toMatchObject({
      ...{ status: 'detached', reason: 'unreachable', jobSpecId: 'job_1' },
      failure: { kind: 'rejected' },
    });
  });
});
