import type { Job, StatusReading } from '../../services/wire/wire-types.js';
import type { JobContext } from '../job-context.js';

/** Where a reading leads: a lifecycle state, or nowhere if it is older than what we know. `suspect` asks for a re-read. */
export type ReadingOutcome =
  | 'pending'
  | 'confirming'
  | 'executing'
  | 'slot_needed'
  | 'completed'
  | 'failed'
  | 'stale'
  | 'suspect';

/** The content of a read of the job or of its status. */
export type Reading = StatusReading & Partial<Pick<Job, 'slots'>>;

/** After this many stale readings in a row, our own state may be wrong instead. */
export const STALE_READINGS_BEFORE_DOUBT = 5;

const isOlder = (context: JobContext, reading: Reading): boolean =>
  reading.itemVersion !== undefined &&
  context.itemVersion !== undefined &&
  reading.itemVersion < context.itemVersion;

/** Whether the reading shows the question that we have answered and confirmed. */
function isAnswered(context: JobContext, reading: Reading): boolean {
  const { answered, metCheckpoint } = context;
  // A job that was started is never pending again: the reading is stale.
  if (reading.status === 'pending' && (metCheckpoint || answered !== undefined)) return true;
  if (answered === undefined) return false;
  if (reading.checkpoint !== undefined && reading.checkpoint.checkpointId !== answered.checkpointId)
    return false;
  return reading.itemVersion === undefined || reading.itemVersion <= (answered.itemVersion ?? 0);
}

/** The job was read without its status: only a read of the status shows its state. */
export const hasNoStatus = ({ status, statusWord }: Reading): boolean =>
  status === 'pending' && statusWord === '';

/** Without a status, the state follows from the open question. If there is none, the status is read before anything is sent. */
function outcomeWithoutStatus({ question }: JobContext): ReadingOutcome {
  if (question === undefined) return 'executing';
  return question.checkpoint === undefined ? 'pending' : 'slot_needed';
}

/**
 * Classifies a reading. It is *stale* if its version is older than ours, or if it shows a question that we have already confirmed
 * (law 2, never stale). `completed` and `failed` are always believed, because an ended job stays ended.
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
