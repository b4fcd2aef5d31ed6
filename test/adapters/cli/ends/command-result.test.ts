import { describe, expect, it } from 'vitest';
import { commandResult } from '../../../../src/adapters/cli/ends/command-result.js';
import { worstOf } from '../../../../src/adapters/cli/ends/exit-code.js';
import type { DetachReason } from '../../../../src/machines/job-output.js';
import type { Failure, FailureKind } from '../../../../src/services/failure.js';

const failure = (kind: FailureKind): Failure => ({ kind, message: kind, advice: '', delivery: 'refused' });
const failed = (kind: FailureKind, jobSpecId?: string) =>
  commandResult({
    status: 'failed',
    failure: failure(kind),
    ...(jobSpecId === undefined ? {} : { jobSpecId }),
  });
const letGo = (reason: DetachReason, why: Failure) =>
  ({ status: 'detached', reason, jobSpecId: 'job_1', failure: why }) as const;
const detached = (reason: DetachReason) => commandResult({ status: 'detached', reason, jobSpecId: 'job_1' });

describe('exit codes', () => {
  it('is 0 for a saved result, even where it was interrupted just then', () => {
    const output = { status: 'completed', jobSpecId: 'job_1', download: { url: '' } } as const;
    expect(commandResult(output, { because: 'interrupted' })).toMatchObject({
      exitCode: 0,
      type: 'completed',
    });
  });

  it.each([
    ['job-failed', 1, 'failed'],
    ['invalid-input', 2, 'error'],
    ['file', 2, 'error'],
    ['key-refused', 4, 'error'],
    ['outcome-unknown', 6, 'error'],
    ['network', 7, 'error'],
    ['server', 7, 'error'],
    ['bad-response', 7, 'error'],
    ['rate-limited', 7, 'error'],
    ['validation', 2, 'error'],
    ['rejected', 2, 'error'],
    ['not-found', 2, 'error'],
    ['storage', 2, 'error'],
    ['gone', 2, 'error'],
    ['internal', 2, 'error'],
  ] as const)('%s before there is a job is %d', (kind, exitCode, type) => {
    expect(failed(kind)).toMatchObject({ exitCode, type });
  });

  it('calls nothing else that goes wrong with a job a failed job', () => {
    expect(failed('invalid-input', 'job_1')).toMatchObject({ exitCode: 7, type: 'error' });
    expect(failed('job-failed', 'job_1')).toMatchObject({ exitCode: 1, type: 'failed' });
  });

  it('takes the word of what stands before the API for no refusal of the input, or of the key', () => {
    const byProxy = (kind: FailureKind): Failure => ({ ...failure(kind), speaker: 'proxy' });
    for (const kind of ['rejected', 'key-refused', 'not-found'] as const)
      expect(commandResult({ status: 'failed', failure: byProxy(kind) })).toMatchObject({ exitCode: 7 });
  });

  it('counts a job that the server does not know as bad input, if the user named it and nothing was read of it', () => {
    const output = letGo('unreachable', failure('not-found'));
    expect(commandResult(output, { isOnlyNamed: true })).toMatchObject({ exitCode: 2, type: 'error' });
    expect(commandResult(output)).toMatchObject({ exitCode: 7, type: 'detached' });
    const byProxy = letGo('unreachable', { ...failure('not-found'), speaker: 'proxy' });
    expect(commandResult(byProxy, { isOnlyNamed: true })).toMatchObject({ exitCode: 7, type: 'detached' });
  });

  it('calls an id that cannot be one a wrong name too', () => {
    const refused: Failure = { kind: 'invalid-input', message: '', advice: '', delivery: 'not-sent' };
    expect(commandResult(letGo('local-failure', refused), { isOnlyNamed: true })).toMatchObject({
      exitCode: 2,
      type: 'error',
    });
  });

  it('does not call a deleted result resumable', () => {
    const gone: Failure = { ...failure('gone'), path: '/jobs/goal/job_1/download' };
    expect(commandResult(letGo('unreachable', gone))).toMatchObject({ exitCode: 7, type: 'error' });
    expect(commandResult(letGo('requested', gone))).toMatchObject({ exitCode: 130, type: 'detached' });
  });

  it('does not know whether a job exists where the clock broke after a create', () => {
    const output = letGo('outcome-unknown', failure('outcome-unknown'));
    expect(commandResult(output)).toMatchObject({ exitCode: 6, type: 'error' });
  });

  it.each([
    ['requested', 130],
    ['max-wait', 5],
    ['input-needed', 3],
    ['unreachable', 7],
    ['local-failure', 7],
    ['key-refused', 4],
  ] as const)('%s is %d, and resumable', (reason, exitCode) => {
    expect(detached(reason)).toMatchObject({ exitCode, type: 'detached' });
  });

  it.each([
    ['interrupted', 130],
    ['input-needed', 3],
    ['outcome-unknown', 6],
  ] as const)('knows why it detached: %s is %d', (because, exitCode) => {
    expect(commandResult({ status: 'detached', reason: 'requested' }, { because })).toMatchObject({
      exitCode,
      because,
    });
  });

  it('of several jobs is the worst', () => {
    expect(worstOf([])).toBe(0);
    expect(worstOf([0, 3, 1])).toBe(3);
    expect(worstOf([7, 130, 0])).toBe(130);
  });
});
