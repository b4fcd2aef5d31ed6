import { describe, expect, it } from 'vitest';
import { newJob, runScripted } from '../../support/run-scripted.js';
import { failure } from '../../support/scripted-ports.js';

const LOST = failure('network', { delivery: 'unknown' });
const REFUSALS: readonly (readonly [string, ReturnType<typeof failure>])[] = [
  ['as a bad request', failure('validation', { delivery: 'refused', status: 422, speaker: 'api' })],
  ['as a job too many', failure('version-conflict', { delivery: 'refused', status: 409, speaker: 'api' })],
  ['for the key', failure('key-refused', { delivery: 'refused', status: 401, speaker: 'api' })],
  ['on this machine', failure('internal', { delivery: 'not-sent' })],
];

describe('a create that is repeated after one whose reply was lost', () => {
  it.each(REFUSALS)('and is refused %s leaves it to the person again', async (_name, refusal) => {
    const run = await runScripted({ createJob: [LOST, refusal] });
    run.handle.send({ type: 'RETRY' });
    await run.proceed();
    expect(run.handle.view()).toMatchObject({ path: 'preparing.outcomeUnknown', tags: ['user-input'] });
    const reported = run.events.findLast(({ type }) => type === 'outcomeUnknown');
    expect(reported).toMatchObject({ failure: { kind: 'outcome-unknown', delivery: 'unknown' } });
    expect(JSON.stringify(reported)).toContain('an earlier create');
    run.handle.send({ type: 'ADOPT', jobSpecId: 'job_1' });
    await run.proceed();
    expect(await run.handle.result()).toMatchObject({ status: 'completed', jobSpecId: 'job_1' });
  });

  it.each(REFUSALS)('by policy, and is refused %s, is detached', async (_name, refusal) => {
    const run = await runScripted({ createJob: [LOST, refusal] }, { ...newJob, onUnknownOutcome: 'retry' });
    expect(await run.handle.result()).toMatchObject({
      ...{ status: 'detached', reason: 'outcome-unknown' },
      failure: { kind: 'outcome-unknown', delivery: 'unknown' },
    });
    expect(run.names().filter((name) => name === 'createJob')).toHaveLength(2);
  });

  it('and finds its files lost, and then cannot upload them, leaves it to the person again', async () => {
    const lostFiles = failure('not-found', {
      ...{ delivery: 'refused', status: 404, speaker: 'api', serverMessage: 'file not found' },
    });
    const tooLarge = failure('rejected', { delivery: 'refused', status: 413, speaker: 'api' });
    const run = await runScripted({
      createJob: [LOST, lostFiles],
      uploadFile: [{ fileId: 'file_1' }, tooLarge],
    });
    run.handle.send({ type: 'RETRY' });
    await run.proceed();
    expect(run.handle.view().path).toBe('preparing.outcomeUnknown');
  });

  it('after a limit that was waited for, still leaves it to the person', async () => {
    const limit = failure('rate-limited', { delivery: 'refused', limit: 'concurrency', speaker: 'api' });
    const refusal = failure('validation', { delivery: 'refused', status: 422, speaker: 'api' });
    const run = await runScripted({ createJob: [LOST, limit, refusal] });
    run.handle.send({ type: 'RETRY' });
    await run.proceed();
    expect(run.handle.view().path).toBe('preparing.outcomeUnknown');
  });
});

describe('a create that is refused with none before it', () => {
  it('is a job that never came to be', async () => {
    const refusal = failure('validation', { delivery: 'refused', status: 422, speaker: 'api' });
    const run = await runScripted({ createJob: [refusal] });
    expect(await run.handle.result()).toMatchObject({ status: 'failed', failure: { kind: 'validation' } });
  });
});
