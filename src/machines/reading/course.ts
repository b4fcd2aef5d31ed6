import type { Job, StatusReading } from '../../services/wire/wire-types.js';
import type { JobContext } from '../job-context.js';
import type { SlotConflict } from '../job-events.js';
import { openQuestion, type Question, sameValue } from '../question/question.js';
import { type SlotValues, slotIn } from '../question/slot-value.js';

/** Where a reading leads: a lifecycle state, or nowhere because it is older than what we hold. */
export type Course =
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

/** A job that was read without its status: its status will tell. */
export const isUnsaid = ({ status, statusWord }: Reading): boolean =>
  status === 'pending' && statusWord === '';

/** Until then it is where the open question is, as far as is known; without one, nothing may be sent before its status is read. */
function courseUnsaid({ question }: JobContext): Course {
  if (question === undefined) return 'executing';
  return question.checkpoint === undefined ? 'pending' : 'slot_needed';
}

/**
 * Reads a reading. Law 2: an older item version is ignored, unless the job has ended, which no older
 * version can undo; and so is a question that was answered and confirmed. `suspect` asks for a re-read.
 */
export function chartCourse(context: JobContext, reading: Reading): Course {
  const { status } = reading;
  if (status === 'completed' || status === 'failed') return status;
  const isStale =
    isOlder(context, reading) ||
    (!isUnsaid(reading) &&
      (status === 'pending' || status === 'slot_needed') &&
      isAnswered(context, reading));
  if (isStale) return context.staleReadings + 1 >= STALE_READINGS_BEFORE_DOUBT ? 'suspect' : 'stale';
  if (isUnsaid(reading)) return courseUnsaid(context);
  if (status === 'pending' || status === 'slot_needed' || status === 'confirming') return status;
  return 'executing';
}

function serverValues(reading: Reading): SlotValues {
  const shown = [...(reading.slots ?? []), ...(reading.checkpoint?.slots ?? [])];
  return Object.fromEntries(
    shown.flatMap((slot) =>
      slot.value === undefined || slot.value === null || slot.value === '' ? [] : [[slot.slotId, slot.value]],
    ),
  );
}

/** Holds the open question against what the server now says: ours applied, another's in the way, or still open. */
export function reconcile(context: JobContext, question: Question, reading: Reading): Question {
  const theirs = serverValues(reading);
  const conflicts: SlotConflict[] = [];
  const held = new Map(Object.entries(question.held));
  const values = new Map(Object.entries(question.values));
  for (const { slotId } of question.slots) {
    const their = slotIn(theirs, slotId);
    const our = values.get(slotId);
    if (their === undefined) {
      // Nothing is said of it: a conflict that was seen stands.
      conflicts.push(...question.conflicts.filter((conflict) => conflict.slotId === slotId));
      continue;
    }
    if (sameValue(their, held.get(slotId))) continue;
    const isConflict = our !== undefined && !sameValue(our, their);
    if (isConflict && (context.input.onSlotConflict ?? 'ask') === 'ask') {
      conflicts.push({ slotId, ours: our, theirs: their });
      continue;
    }
    if (!isConflict || context.input.onSlotConflict === 'theirs') values.set(slotId, their);
    held.set(slotId, their);
  }
  return {
    ...question,
    values: Object.fromEntries(values),
    held: Object.fromEntries(held),
    conflicts,
    uncertain: false,
  };
}

const isSameQuestion = (question: Question, reading: Reading): boolean =>
  reading.status === 'pending'
    ? question.checkpoint === undefined
    : question.checkpoint !== undefined &&
      question.checkpoint.checkpointId === reading.checkpoint?.checkpointId;

type Asking = Pick<JobContext, 'question' | 'turns' | 'slots'>;

/**
 * Whether a read of the job leaves open what is asked: only the status is known to show the checkpoint (Step 7). It is read before
 * anybody answers.
 */
export function isHalfTold({ question }: JobContext, reading: Reading): boolean {
  if (isUnsaid(reading)) return true;
  const { status, checkpoint } = reading;
  if (status !== 'slot_needed') return false;
  if (checkpoint === undefined) return true;
  return checkpoint.slots.length === 0 && !(question !== undefined && isSameQuestion(question, reading));
}

/** What others have given is learned also where it is not said which question is open. */
function doubted(context: JobContext, question: Question, reading: Reading): Question {
  const isAbout =
    reading.checkpoint === undefined || reading.checkpoint.checkpointId === question.checkpoint?.checkpointId;
  return { ...(isAbout ? reconcile(context, question, reading) : question), uncertain: true };
}

/** The question that a reading of `pending` or `slot_needed` leaves open. */
export function askedBy(context: JobContext, reading: Reading, source: 'job' | 'status'): Asking {
  const { question, turns } = context;
  const slots = reading.slots !== undefined && reading.slots.length > 0 ? reading.slots : context.slots;
  if (source === 'job' && isHalfTold(context, reading))
    return { question: question && doubted(context, question, reading), turns, slots };
  const tellsSlots = (reading.checkpoint?.slots ?? reading.slots ?? []).length > 0;
  const isFirstTold = question?.slots.length === 0 && tellsSlots;
  if (question !== undefined && isSameQuestion(question, reading) && !isFirstTold) {
    return { question: reconcile(context, question, reading), turns, slots };
  }
  const checkpoint = reading.checkpoint ?? { checkpointId: '', slots: reading.slots ?? [] };
  const asked = reading.status === 'pending' ? { slots } : { checkpoint, slots: checkpoint.slots };
  return {
    ...openQuestion(context.input, turns, asked),
    slots: reading.status === 'pending' ? slots : context.slots,
  };
}
