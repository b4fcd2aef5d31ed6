import type { Failure } from '../../services/failure.js';
import type { JobContext } from '../job-context.js';
import type { Reply } from '../reply.js';

const DAY_MS = 24 * 60 * 60 * 1_000;
const ADOPTED_IN_ERROR: ReadonlySet<Failure['kind']> = new Set([
  'not-found',
  'invalid-input',
  'validation',
  'invalid-transition',
  'rejected',
  'gone',
]);
const ABOUT_FILES = /\bfile/i;
const IS_LOST = /expire|not found|unknown|gone|no longer|does not exist|missing|invalid/i;

/** Law 1: the server may have created a job of which we did not hear; a host's own function that threw is no better. */
export const isOutcomeUnknown = (reply: Reply<unknown>): boolean =>
  !reply.ok && (reply.failure.kind === 'outcome-unknown' || reply.failure.delivery === 'unknown');

/** What is to be done where it cannot be known whether there is a job. Nothing here leads to a second one unasked. */
export const UNKNOWN_ADVICE =
  'Look for the job in the account. If it is there, adopt it by its id; only if it is certainly not there, retry; or leave it for later.';

/** The failure as it is told once nothing more can be known. */
export function asOutcomeUnknown(failure: Failure): Failure {
  if (failure.kind === 'outcome-unknown') return failure;
  return {
    ...failure,
    kind: 'outcome-unknown',
    message: `it cannot be known whether the job was created: ${failure.message}`,
    advice: UNKNOWN_ADVICE,
  };
}

/** The same where it is the create before that one which may have been acted upon: that this one was not does not say that there is no job. */
export function asStillUnknown(failure: Failure): Failure {
  if (failure.kind === 'outcome-unknown') return failure;
  return {
    ...failure,
    kind: 'outcome-unknown',
    message: `an earlier create may have made the job, and the one after it did not: ${failure.message}`,
    advice: UNKNOWN_ADVICE,
    delivery: 'unknown',
  };
}

/** A create that is, or was, under way with an unknown outcome is worth more than what stood in the way after it (law 1). */
export function unlessUnknown({ failure, mayExist, jobSpecId }: JobContext, local: Failure): Failure {
  if (failure?.kind === 'outcome-unknown') return failure;
  return mayExist && jobSpecId === undefined ? asStillUnknown(local) : local;
}

/** Whether there is a job, or may be one without an id. */
export const mayLive = ({ jobSpecId, mayExist, failure }: JobContext): boolean =>
  jobSpecId !== undefined || mayExist || failure?.kind === 'outcome-unknown';

/** The adopted id does not belong to this account, so we still do not know whether a job exists. */
export const isWrongAdoption = (context: JobContext, reply: Reply<unknown>): boolean =>
  !reply.ok &&
  ADOPTED_IN_ERROR.has(reply.failure.kind) &&
  context.input.jobSpecId === undefined &&
  // The reply to a create that was heard always teaches one.
  context.statusWord === undefined;

/** Files expire after 24 h without a job (Step 2); a create that names an expired one is refused, not acted upon. */
export function isAboutLostFiles(context: JobContext, reply: Reply<unknown>): boolean {
  if (reply.ok || reply.failure.delivery !== 'refused') return false;
  const { failure, at } = reply;
  if (
    !['gone', 'not-found', 'validation', 'invalid-transition', 'rejected', 'version-conflict'].includes(
      failure.kind,
    )
  )
    return false;
  const said = [
    failure.serverError,
    failure.serverMessage,
    ...(failure.fieldErrors ?? []).flatMap((error) => [error.field, error.message]),
  ].join(' ');
  const isOld = context.uploads.some((upload) => upload !== null && at - upload.uploadedAt >= DAY_MS);
  const saysSo = (ABOUT_FILES.test(said) && IS_LOST.test(said)) || failure.kind === 'gone';
  return (context.reuploads === 0 && saysSo) || isOld;
}
