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

/**
 * Law 1, never twice: the server may have created a job although no reply arrived. The same holds if a function of the host
 * threw.
 */
export const isOutcomeUnknown = (reply: Reply<unknown>): boolean =>
  !reply.ok && (reply.failure.kind === 'outcome-unknown' || reply.failure.delivery === 'unknown');

/** Advice when it is unknown whether a job exists. None of it creates a second job without a decision of the host. */
export const UNKNOWN_ADVICE =
  'Look for the job in the account. If it is there, adopt it by its id; only if it is certainly not there, retry; or leave it for later.';

/** The failure to report once it is final that the outcome is unknown. */
export function asOutcomeUnknown(failure: Failure): Failure {
  if (failure.kind === 'outcome-unknown') return failure;
  return {
    ...failure,
    kind: 'outcome-unknown',
    message: `it cannot be known whether the job was created: ${failure.message}`,
    advice: UNKNOWN_ADVICE,
  };
}

/** The outcome of the previous create is unknown, and the repeated one failed. That failure does not mean that there is no job. */
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

/** A create with an unknown outcome is reported in preference to the local failure that came after it (law 1, never twice). */
export function unlessUnknown({ failure, mayExist, jobSpecId }: JobContext, local: Failure): Failure {
  if (failure?.kind === 'outcome-unknown') return failure;
  return mayExist && jobSpecId === undefined ? asStillUnknown(local) : local;
}

/** Whether a job exists, or may exist without a known id. */
export const mayLive = ({ jobSpecId, mayExist, failure }: JobContext): boolean =>
  jobSpecId !== undefined || mayExist || failure?.kind === 'outcome-unknown';

/** The adopted id does not belong to this account, so we still do not know whether a job exists. */
export const isWrongAdoption = (context: JobContext, reply: Reply<unknown>): boolean =>
  !reply.ok &&
  ADOPTED_IN_ERROR.has(reply.failure.kind) &&
  context.input.jobSpecId === undefined &&
  // The reply to a create always sets one, so no job was created here.
  context.statusWord === undefined;

/**
 * Files that no job uses expire after 24 h ("Step 2: Upload a File"). A create that names an expired file is refused without
 * effect.
 */
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
