import type { Job, StatusReading } from '../../services/wire/wire-types.js';
import type { JobContext } from '../job-context.js';

/** Where a reading leads: a lifecycle state, or nowhere because it is older than what we hold. `suspect` asks for a re-read. */
export type ReadingOutcome =
  | 'pending'
  | 'confirming'
  | 'executing'
  | 'slot_needed'
  | 'completed'
  | 'failed'
  | 'stale'
  | 'suspect';

/** What a read of the job or of its status says. */
export type Reading = StatusReading & Partial<Pick<Job, 'slots'>>;

/** After so many stale readings in a row the doubt is turned round: perhaps it is we who are wrong. */
export const STALE_READINGS_BEFORE_DOUBT = 5;

const isOlder = (context: JobContext, reading: Reading): boolean =>
  reading.itemVersion !== undefined &&
  context.itemVersion !== undefined &&
  reading.itemVersion < context.itemVersion;

/** The question that we have answered and confirmed, shown once more. */
function isAnswered(context: JobContext, reading: Reading): boolean {
  const { answered, metCheckpoint } = context;
  // A job that was started once is never pending again: it only has not noticed yet.
  if (reading.status === 'pending' && (metCheckpoint || answered !== undefined)) return true;
  if (answered === undefined) return false;
  if (reading.checkpoint !== undefined && reading.checkpoint.checkpointId !== answered.checkpointId)
    return false;
  return reading.itemVersion === undefined || reading.itemVersion <= (answered.itemVersion ?? 0);
}

/** A job that was read without its status: only a read of the status says where it is. */
export const hasNoStatus = ({ status, statusWord }: Reading): boolean =>
  status === 'pending' && statusWord === '';

/** Until then it is where the open question is, as far as is known; without one, nothing may be sent before its status is read. */
function outcomeWithoutStatus({ question }: JobContext): ReadingOutcome {
  if (question === undefined) return 'executing';
  return question.checkpoint === undefined ? 'pending' : 'slot_needed';
}

/**
 * Classifies a reading. It is *stale* if its version is older than ours, or if it shows a question that we have already confirmed
 * (law 2). `completed` and `failed` are always believed, for no older version can undo an end.
 */
export function classifyReading(context: JobContext, reading: Reading): ReadingOutcome {
  const { status } = reading;
  if (status === 'completed' || status === 'failed') return status;
  const isStale =
    isOlder(context, reading) ||
    (!hasNoStatus(reading) &&
      (status === 'pending' || status === 'slot_needed') &&
      isAnswered(context, reading));
  if (isStale) return context.staleReadings + 1 >= STALE_READINGS_BEFORE_DOUBT ? 'suspect' : 'stale';
  if (hasNoStatus(reading)) return outcomeWithoutStatus(context);
  if (status === 'pending' || status === 'slot_needed' || status === 'confirming') return status;
  return 'executing';
}
