import type { Failure, FailureKind } from '../../services/failure.js';
import type { CallState } from '../call-state.js';
import type { JobContext } from '../job-context.js';
import { isStaying, type Setback } from './retry-policy.js';
import { isSaidByApi } from './said-by-api.js';

const LATER = 'Resume the job later: as far as is known, it still exists on the server.';

const UNKNOWN_JOB =
  'Check the account of the key and the base URL. The job is not given up: resume it later, if the server knows it again.';
const UNKNOWN_NAME =
  'Check the id, the account of the key and the base URL; if the job was created a moment ago, attach to it once more.';

const ABOUT_THE_JOB = new Set<CallState>(['attaching', 'filling', 'sending', 'readingAgain', 'reading']);

/** Refusals that may be temporary. The advice that services give for them assumes that no job exists. */
const PASSING: ReadonlySet<FailureKind> = new Set([
  'not-found',
  'gone',
  'version-conflict',
  'invalid-transition',
  'validation',
  'rejected',
]);

/** The result is not available ("Step 8: Download Results"). Report that its 24 hours are over only if that is possible. */
function withoutResult(context: JobContext, failure: Failure, at: number): Failure {
  const { message } = failure;
  const { resultKeptUntil } = context;
  if (resultKeptUntil !== undefined && at < resultKeptUntil) {
    return {
      ...failure,
      kind: 'not-found',
      message: `the server has completed the job and does not hand out its result: ${message}`,
      advice: 'Resume the job later: the server keeps its result for a day.',
    };
  }
  if (resultKeptUntil !== undefined || failure.kind === 'gone') {
    return {
      ...failure,
      kind: 'gone',
      message: `the result's retention has ended, 24 h after the job completed: ${message}`,
      advice: 'Run the job again as a new one, with the same input.',
    };
  }
  return {
    ...failure,
    message: `the server has no result of this job: ${message}`,
    advice: 'Results are kept for 24 hours after the job completed. Resume the job to ask again.',
  };
}

/** Whether a job was detached because the server no longer keeps its result, 24 h after completion ("Step 8: Download Results"). */
export const isResultGone = ({ kind, path = '' }: Failure): boolean =>
  kind === 'gone' && path.endsWith('/download');

/**
 * The failure to report when a job that may be alive is detached (law 7, never disowned, and law 8, never mistaken). `setback`
 * holds the failures that led to it.
 */
export function letGoFailure(context: JobContext, call: CallState, setback: Setback, at: number): Failure {
  const { failure } = setback;
  if (!PASSING.has(failure.kind)) return failure;
  const isApis = isSaidByApi(failure) && isStaying(context.retry, setback);
  const isMissing = failure.kind === 'not-found' || failure.kind === 'gone';
  if (isApis && isMissing && call === 'locating') return withoutResult(context, failure, at);
  if (isApis && failure.kind === 'not-found' && ABOUT_THE_JOB.has(call)) {
    return {
      ...failure,
      message: `the server does not know this job: ${failure.message}`,
      advice: context.statusWord === undefined ? UNKNOWN_NAME : UNKNOWN_JOB,
    };
  }
  // Only storage, and the API on the download endpoint, can report that a result is gone. Anywhere else `gone` is an ordinary
  // refusal.
  const kind = call !== 'saving' && failure.kind === 'gone' ? 'rejected' : failure.kind;
  return { ...failure, kind, advice: LATER };
}
