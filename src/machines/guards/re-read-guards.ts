import type { Job } from '../../services/wire/wire-types.js';
import type { WithContext } from '../branch-params.js';
import type { CallState } from '../call-state.js';
import type { JobContext } from '../job-context.js';
import { unsentAnswers } from '../question/question.js';
import { classifyReading, STALE_READINGS_BEFORE_DOUBT } from '../reading/classify-reading.js';
import { highest, trusting } from '../reading/context-patch.js';
import type { Reply } from '../reply.js';

/** The guarded call that is to be repeated, if one is. */
export const troubledCall = ({ interrupted }: JobContext): CallState | undefined =>
  interrupted === 'filling' || interrupted === 'sending' ? interrupted : undefined;

/** The re-read shows the very job that refused us, and not for its item version: wait and retry. */
function isUnchanged({ context }: WithContext, reply: Reply<Job>): boolean {
  if (context.refusedVersion !== undefined && context.refusedVersion === context.itemVersion) return false;
  const call = troubledCall(context);
  if (call === undefined || context.setbacks[call] === undefined || !reply.ok) return false;
  const job = reply.value;
  const outcome = classifyReading(trusting(context, job), job);
  const asked = context.question?.checkpoint === undefined ? 'pending' : 'slot_needed';
  if (outcome !== asked || (job.itemVersion ?? context.sentVersion) !== context.sentVersion) return false;
  return call === 'sending' || (context.question !== undefined && unsentAnswers(context.question).length > 0);
}

/** So often such a refusal is looked into; after that it is believed. */
const MAX_WATCHED_REFUSALS = 2;

/** Whether a version may be sent: it was read from the server, and the server has not refused it (law 2). */
const isUsable = (version: number | undefined, { refusedVersion }: JobContext): boolean =>
  version !== undefined && (refusedVersion === undefined || version > refusedVersion);

function isNoHelp({ context }: WithContext, reply: Reply<Job>): boolean {
  if (!reply.ok) return false;
  const job = reply.value;
  const outcome = classifyReading(trusting(context, job), job);
  const isOpen = outcome === 'pending' || outcome === 'slot_needed';
  const isAnswerable = isUsable(highest(context.itemVersion, job.itemVersion), context);
  return outcome === 'stale' || outcome === 'suspect' || (isOpen && !isAnswerable);
}

/**
 * So many readings in a row that were of no help: this server cannot be followed. Beyond those that raise the doubt it is as many as the
 * host allows tries: by default 12 in all, which take a minute and more.
 */
const mostLaggingReads = ({ retry }: JobContext): number =>
  STALE_READINGS_BEFORE_DOUBT + retry.maxAttempts - 1;

/** What a re-read after a refusal shows. */
export const reReadGuards = {
  jobIsUnchanged: isUnchanged,
  /** Refused as an invalid transition, and yet shown as open: perhaps somebody else confirmed, and the job has not noticed yet. */
  mayBeConfirmedAlready: ({ context }: WithContext, reply: Reply<Job>): boolean =>
    context.interrupted === 'sending' &&
    context.setbacks.sending?.failure.kind === 'invalid-transition' &&
    (context.question?.refusedConfirms ?? 0) < MAX_WATCHED_REFUSALS &&
    isUnchanged({ context }, reply),
  /** Older than what we hold, or without an item version under which its question can be answered. */
  serverLags: isNoHelp,
  serverLagsTooLong: ({ context }: WithContext, reply: Reply<Job>): boolean =>
    isNoHelp({ context }, reply) && context.staleReadings >= mostLaggingReads(context),
};
