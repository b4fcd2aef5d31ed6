import type { Job } from '../../services/wire/wire-types.js';
import type { WithContext } from '../branch-params.js';
import type { CallState } from '../call-state.js';
import type { JobContext } from '../job-context.js';
import { unsentAnswers } from '../question/question.js';
import { classifyReading, STALE_READINGS_BEFORE_DOUBT } from '../reading/classify-reading.js';
import { highest, trusting } from '../reading/context-patch.js';
import type { Reply } from '../reply.js';

/** The guarded call to repeat after the re-read, if there is one. */
export const troubledCall = ({ interrupted }: JobContext): CallState | undefined =>
  interrupted === 'filling' || interrupted === 'sending' ? interrupted : undefined;

/** The re-read shows the same state and version under which the call was refused: wait and retry. */
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

/** After this many such refusals, a refusal is believed. */
const MAX_WATCHED_REFUSALS = 2;

/** Whether a version may be sent: it was read from the server, and the server has not refused it (law 2, never stale). */
const isUsable = (version: number | undefined, { refusedVersion }: JobContext): boolean =>
  version !== undefined && (refusedVersion === undefined || version > refusedVersion);

function isNoHelp({ context }: WithContext, reply: Reply<Job>): boolean {
  if (!reply.ok) return false;
  const job = reply.value;
  const outcome = classifyReading(trusting(context, job), job);
  const isOpen = outcome === 'pending' || outcome === 'slot_needed';
  const isAnswerable = isUsable(highest(context.itemVersion, job.itemVersion), context);
  // Never `suspect`: a trusted context has no stale readings before this one.
  return outcome === 'stale' || (isOpen && !isAnswerable);
}

/**
 * After this many useless readings in a row, stop following this server. They come on top of those that raise the doubt, and
 * equal the attempts that the host allows: 12 in all by default, over a minute or more.
 */
const mostLaggingReads = ({ retry }: JobContext): number =>
  STALE_READINGS_BEFORE_DOUBT + retry.maxAttempts - 1;

/** Guards for what a re-read shows after a refusal. */
export const reReadGuards = {
  jobIsUnchanged: isUnchanged,
  /** Refused as an invalid transition, yet shown as open: another actor may have confirmed, and the reading does not show it yet. */
  mayBeConfirmedAlready: ({ context }: WithContext, reply: Reply<Job>): boolean =>
    context.interrupted === 'sending' &&
    context.setbacks.sending?.failure.kind === 'invalid-transition' &&
    (context.question?.refusedConfirms ?? 0) < MAX_WATCHED_REFUSALS &&
    isUnchanged({ context }, reply),
  /** The reading is older than ours, or has no item version that can be used to answer its question. */
  serverLags: isNoHelp,
  serverLagsTooLong: ({ context }: WithContext, reply: Reply<Job>): boolean =>
    isNoHelp({ context }, reply) && context.staleReadings >= mostLaggingReads(context),
};
