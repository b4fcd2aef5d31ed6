import { describe, expect, it } from 'vitest';
import { worstOf } from '../../../src/adapters/cli/exit-code.js';
import { verdictOf } from '../../../src/adapters/cli/verdict.js';
import type { DetachReason } from '../../../src/machines/job-output.js';
import type { Failure, FailureKind } from '../../../src/services/failure.js';

const failure = (kind: FailureKind): Failure => ({ kind, message: kind, advice: '', delivery: 'refused' });
const failed = (kind: FailureKind, jobSpecId?: string) =>
  verdictOf({ status: 'failed', failure: failure(kind), ...(jobSpecId === undefined ? {} : { jobSpecId }) });
const detached = (reason: DetachReason) => verdictOf({ status: 'detached', reason, jobSpecId: 'job_1' });

describe('exit codes', () => {
  it('is 0 for a saved result, even where it was interrupted just then', () => {
    const output = { status: 'completed', jobSpecId: 'job_1', download: { url: '' } } as const;
    expect(verdictOf(output, { because: 'interrupted' })).toMatchObject({ exitCode: 0, type: 'completed' });
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
    ['validation', 1, 'failed'],
    ['storage', 2, 'error'],
    ['gone', 1, 'failed'],
    ['internal', 1, 'failed'],
  ] as const)('%s before there is a job is %d', (kind, exitCode, type) => {
    expect(failed(kind)).toMatchObject({ exitCode, type });
  });

  it('counts input that goes wrong later as a failed job', () => {
    expect(failed('invalid-input', 'job_1').exitCode).toBe(1);
  });

  it('counts a job that the server does not know as bad input, if the user named it', () => {
    const output = { status: 'failed', failure: failure('not-found'), jobSpecId: 'job_x' } as const;
    expect(verdictOf(output, { isAttached: true })).toMatchObject({ exitCode: 2, type: 'error' });
    expect(verdictOf(output)).toMatchObject({ exitCode: 1, type: 'failed' });
  });

  it('calls an id that cannot be one a wrong name too', () => {
    const refused: Failure = { kind: 'invalid-input', message: '', advice: '', delivery: 'not-sent' };
    const output = { status: 'failed', jobSpecId: '', failure: refused } as const;
    expect(verdictOf(output, { isAttached: true })).toMatchObject({ exitCode: 2, type: 'error' });
  });

  it.each([
    ['requested', 130],
    ['max-wait', 5],
    ['input-needed', 3],
    ['unreachable', 7],
    ['key-refused', 4],
  ] as const)('%s is %d', (reason, exitCode) => {
    expect(detached(reason)).toMatchObject({ exitCode, type: 'detached' });
  });

  it.each([
    ['interrupted', 130],
    ['input-needed', 3],
    ['outcome-unknown', 6],
  ] as const)('knows why it let go itself: %s is %d', (because, exitCode) => {
    expect(verdictOf({ status: 'detached', reason: 'requested' }, { because })).toMatchObject({
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
