import { describe, expect, it } from 'vitest';
import type { CallState } from '../../../src/machines/call-state.js';
import { isResultGone, letGoFailure } from '../../../src/machines/failure/let-go-failure.js';
import type { JobContext } from '../../../src/machines/job-context.js';
import type { Failure } from '../../../src/services/failure.js';
import { attachedWith, failureWith, setbackWith } from '../../support/example-context.js';

const LATER = 'Resume the job later: as far as is known, it still exists on the server.';
const REFUSALS = [
  'not-found',
  'gone',
  'version-conflict',
  'invalid-transition',
  'validation',
  'rejected',
] as const;

const letGo = (call: CallState, failure: Failure, attempts = 3, changes: Partial<JobContext> = {}) =>
  letGoFailure(
    attachedWith({ statusWord: 'executing', ...changes }),
    call,
    setbackWith(failure, attempts),
    500,
  );

describe('a job that is let go', () => {
  it.each([
    'server',
    'network',
    'bad-response',
    'rate-limited',
    'key-refused',
    'aborted',
    'internal',
    'file',
    'storage',
    'job-failed',
    'invalid-input',
  ] as const)('by a failure of the kind %s reports it unchanged', (kind) => {
    const failure = failureWith(kind);
    expect(letGo('reading', failure)).toBe(failure);
  });

  it.each(REFUSALS)('by one refusal (%s) only knows that it may be resumed', (kind) => {
    const failure = failureWith(kind);
    const expected = { ...failure, kind: kind === 'gone' ? 'rejected' : kind, advice: LATER };
    expect(letGo('reading', failure, 2)).toEqual(expected);
    expect(letGo('locating', failure, 2)).toEqual(expected);
    expect(letGo('saving', failure, 2)).toEqual({ ...failure, advice: LATER });
  });

  it.each(['version-conflict', 'invalid-transition', 'validation', 'rejected'] as const)(
    'by a refusal that stays (%s) knows no more',
    (kind) => {
      const failure = failureWith(kind);
      expect(letGo('reading', failure)).toEqual({ ...failure, advice: LATER });
      expect(letGo('locating', failure)).toEqual({ ...failure, advice: LATER });
    },
  );

  it.each(['attaching', 'filling', 'sending', 'readingAgain', 'reading'] as const)(
    'because the server does not know it, as the call %s found, says so',
    (call) => {
      const failure = failureWith('not-found');
      const message = 'the server does not know this job: it was not-found';
      expect(letGo(call, failure)).toEqual({
        ...{ ...failure, message },
        advice:
          'Check the account of the key and the base URL. The job is not given up: resume it later, if the server knows it again.',
      });
      expect(letGo(call, failure, 3, { statusWord: undefined })).toEqual({
        ...{ ...failure, message },
        advice:
          'Check the id, the account of the key and the base URL; if the job was created a moment ago, attach to it once more.',
      });
    },
  );

  it('by a proxy that does not know it says nothing of the kind', () => {
    for (const speaker of ['proxy', 'unknown'] as const) {
      const failure = failureWith('not-found', { speaker });
      expect(letGo('reading', failure)).toEqual({ ...failure, advice: LATER });
      expect(letGo('locating', failure)).toEqual({ ...failure, advice: LATER });
    }
  });

  it('by a 410 about the job itself does not take it for the end of its result', () => {
    const failure = failureWith('gone');
    expect(letGo('reading', failure)).toEqual({ ...failure, kind: 'rejected', advice: LATER });
  });

  it('by a 404 of storage has nothing to do with its id', () => {
    const failure = failureWith('not-found');
    expect(letGo('saving', failure)).toEqual({ ...failure, advice: LATER });
  });
});

describe('a job without its result', () => {
  const missing = failureWith('not-found');
  const gone = failureWith('gone');
  const within = {
    kind: 'not-found',
    message: /^the server has completed the job and does not hand out its result: it was/,
    advice: 'Resume the job later: the server keeps its result for a day.',
  };
  const over = {
    kind: 'gone',
    message: /^the result's retention has ended, 24 h after the job completed: it was/,
    advice: 'Run the job again as a new one, with the same input.',
  };
  const perhaps = {
    kind: 'not-found',
    message: /^the server has no result of this job: it was/,
    advice: 'Results are kept for 24 hours after the job completed. Resume the job to ask again.',
  };
  it.each([
    ['a 404 within its day', missing, 501, within],
    ['a 410 within its day', gone, 501, within],
    ['a 404 at the end of its day', missing, 500, over],
    ['a 410 after its day', gone, 499, over],
    ['a 410 of a day that is not known', gone, undefined, over],
    ['a 404 of a day that is not known', missing, undefined, perhaps],
  ])('after %s', (_name, failure, resultKeptUntil, { kind, message, advice }) => {
    expect(letGo('locating', failure, 3, { resultKeptUntil })).toEqual({
      ...{ ...failure, kind, advice },
      message: expect.stringMatching(message),
    });
  });

  it('differs by its path from a job that was lost', () => {
    expect(isResultGone(failureWith('gone', { path: '/jobs/goal/j/download' }))).toBe(true);
    expect(isResultGone(failureWith('not-found', { path: '/jobs/goal/j/download' }))).toBe(false);
    expect(isResultGone(failureWith('gone', { path: '/jobs/goal/j/download/x' }))).toBe(false);
    expect(isResultGone(failureWith('gone'))).toBe(false);
  });
});
