import type { Failure } from '../../services/failure.js';
import type { Job, JobEcho } from '../../services/wire/wire-types.js';
import { type ContextPatch, type JobContext, withoutSetbacks } from '../job-context.js';
import { markSent, type Question } from '../question/question.js';
import type { SlotValues } from '../question/slot-value.js';
import { classifyReading, hasNoStatus, type Reading, type ReadingOutcome } from './classify-reading.js';
import { isIncomplete, questionAfter } from './merge-question.js';

/** Item versions only go up (law 2, never stale). */
export const highest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.max(a, b);

const jobFailed = (reading: Reading): Failure => ({
  kind: 'job-failed',
  message: reading.error ?? 'the server says that the job failed, and not why',
  advice: 'Look at the input and the answers, then start a new job.',
  delivery: 'refused',
});

function progressPatch(context: JobContext, reading: Reading): ContextPatch {
  if (hasNoStatus(reading)) return {};
  return {
    statusWord: reading.statusWord,
    progress: reading.progress ?? (reading.status === 'executing' ? context.progress : undefined),
    currentStep: reading.currentStep ?? (reading.status === 'executing' ? context.currentStep : undefined),
  };
}

/** @param itemVersion the highest one, that of the reading included */
function questionPatch(
  context: JobContext,
  itemVersion: number | undefined,
  reading: Reading,
  source: 'job' | 'status',
  outcome: ReadingOutcome,
): ContextPatch {
  if (outcome === 'pending' || outcome === 'slot_needed')
    return { ...questionAfter({ ...context, itemVersion }, reading, source), answered: undefined };
  const isClosed = outcome === 'executing' || outcome === 'confirming';
  // No matter who confirmed, the question is closed. The context is only copied if there is one: most readings are of progress.
  return isClosed && context.question !== undefined ? closeQuestion({ ...context, itemVersion }) : {};
}

/** Shared by all jobs, each of which keeps its answered question for as long as it runs. */
const NONE: readonly never[] = Object.freeze([]);
const NO_VALUES: SlotValues = Object.freeze({});
const sharedIfEmpty = (values: SlotValues): SlotValues =>
  Object.keys(values).length === 0 ? NO_VALUES : values;

/** The open question becomes the answered one. */
export function closeQuestion(context: JobContext): ContextPatch {
  const { question } = context;
  if (question === undefined) return {};
  const setbacks = withoutSetbacks(context, ['filling', 'sending']);
  return {
    setbacks,
    fills: 0,
    question: undefined,
    answered: {
      checkpointId: question.checkpoint?.checkpointId,
      itemVersion: context.itemVersion,
      question: {
        ...question,
        values: sharedIfEmpty(question.values),
        held: sharedIfEmpty(question.held),
        fieldErrors: NONE,
        conflicts: NONE,
        uncertain: false,
      },
    },
  };
}

/**
 * A read of the job that shows its status and the whole question counts as a read of the status: the next one waits its interval
 * (law 3, never early).
 */
const showsStatus = (context: JobContext, reading: Reading, source: 'job' | 'status'): boolean =>
  source === 'status' || !isIncomplete(context, reading);

/** Whether a version was seen together with a checkpoint, after this reading. A reading without a status changes nothing. */
function metCheckpointAfter({ metCheckpoint }: JobContext, reading: Reading): boolean {
  if (hasNoStatus(reading)) return metCheckpoint;
  return metCheckpoint || (reading.status === 'slot_needed' && reading.itemVersion !== undefined);
}

const DAY_MS = 24 * 3_600_000;

/** Set once, and only if the job was seen unfinished: otherwise the time of completion is unknown. */
function retentionPatch(
  { statusWord, lastReadAt, resultKeptUntil }: JobContext,
  reading: Reading,
): ContextPatch {
  if (statusWord === undefined || statusWord === reading.statusWord) return {};
  return { resultKeptUntil: resultKeptUntil ?? (lastReadAt === undefined ? undefined : lastReadAt + DAY_MS) };
}

/** The changes after a reading of the status or of the job. */
export function patchFromReading(
  context: JobContext,
  reading: Reading,
  at: number,
  source: 'job' | 'status',
): ContextPatch {
  const outcome = classifyReading(context, reading);
  const lastReadAt = showsStatus(context, reading, source) ? at : context.lastReadAt;
  const itemVersion = highest(context.itemVersion, reading.itemVersion);
  if (outcome === 'stale' || outcome === 'suspect')
    return { lastReadAt, itemVersion, staleReadings: context.staleReadings + 1 };
  return {
    lastReadAt,
    staleReadings: 0,
    itemVersion,
    versionDoubted: false,
    metCheckpoint: metCheckpointAfter(context, reading),
    ...progressPatch(context, reading),
    // Kept even when no question is open, because a status of `pending` does not list the slots.
    ...(reading.slots !== undefined && reading.slots.length > 0 ? { slots: reading.slots } : {}),
    ...questionPatch(context, itemVersion, reading, source, outcome),
    ...(outcome === 'completed' ? retentionPatch(context, reading) : {}),
    ...(outcome === 'failed' ? { failure: jobFailed(reading) } : {}),
  };
}

/** The answered question, if the reading shows it as open again. */
function shownAgain({ answered }: JobContext, reading: Reading): Question | undefined {
  if (answered === undefined) return undefined;
  const { checkpointId, question } = answered;
  const isNoNewer = (reading.itemVersion ?? 0) <= (answered.itemVersion ?? 0);
  const isIt = hasNoStatus(reading)
    ? isNoNewer
    : reading.status === 'pending'
      ? checkpointId === undefined
      : reading.status === 'slot_needed' &&
        checkpointId !== undefined &&
        reading.checkpoint?.checkpointId === checkpointId &&
        isNoNewer;
  // A confirm that the server only ever refused does not count.
  return isIt ? { wasConfirmed: question.refusedConfirms === undefined, ...question } : undefined;
}

/**
 * The context to use when our memory of answered questions is in doubt: the reading is believed about the question it shows. If
 * that is the answered question, its answers are kept and only the confirm is repeated.
 */
export function trusting(context: JobContext, reading: Reading): JobContext {
  if (context.staleReadings === 0) return context;
  const question = context.question ?? shownAgain(context, reading);
  const metCheckpoint = context.metCheckpoint && !isProofOfPending(context, reading);
  return { ...context, question, answered: undefined, staleReadings: 0, metCheckpoint };
}

/**
 * Without an item version, `pending` may be older than everything we have seen. A confirm would then carry the version of a later
 * checkpoint and confirm that one. If the reading has no status, the next status is believed, unless a question is open.
 */
const isProofOfPending = (context: JobContext, reading: Reading): boolean =>
  hasNoStatus(reading)
    ? context.question === undefined
    : reading.itemVersion !== undefined && reading.itemVersion >= (context.itemVersion ?? 0);

/** The changes after a successful create ("Step 3: Create a Job"). */
export function patchFromCreate(context: JobContext, job: Job, at: number): ContextPatch {
  // If the create lists no slots, those of the catalog are used.
  const slots = job.slots ?? context.workflow?.requiredSlots ?? [];
  const born = { ...context, jobSpecId: job.jobSpecId, slots };
  return { jobSpecId: job.jobSpecId, failure: undefined, slots, ...patchFromReading(born, job, at, 'job') };
}

/** The changes after an accepted PATCH ("Step 4: Fill Required Slots"). The new version comes only from the server. */
export function patchFromFill(context: JobContext, echo: JobEcho): ContextPatch {
  const { question } = context;
  return {
    itemVersion: highest(context.itemVersion, echo.itemVersion),
    versionDoubted: echo.itemVersion === undefined,
    fills: context.fills + 1,
    question: question === undefined ? undefined : markSent(question),
    failure: undefined,
  };
}

/** The changes after an accepted confirm ("Step 5: Confirm & Start Execution"). */
export function patchFromConfirm(
  context: JobContext,
  echo: Pick<JobEcho, 'itemVersion'>,
  at: number,
): ContextPatch {
  return {
    // Uses the version that the confirm returned, if any: a checkpoint after it has a higher one.
    ...closeQuestion({ ...context, itemVersion: highest(context.itemVersion, echo.itemVersion) }),
    itemVersion: highest(context.itemVersion, echo.itemVersion),
    lastReadAt: Math.max(context.lastReadAt ?? 0, at),
    staleReadings: 0,
    failure: undefined,
  };
}
