import type { JobContext } from '../job-context.js';
import type { SlotConflict } from '../job-events.js';
import { openQuestion, type Question, sameValue } from '../question/question.js';
import { type SlotValues, slotIn } from '../question/slot-value.js';
import { hasNoStatus, type Reading } from './classify-reading.js';

function serverValues(reading: Reading): SlotValues {
  const shown = [...(reading.slots ?? []), ...(reading.checkpoint?.slots ?? [])];
  return Object.fromEntries(
    shown.flatMap((slot) =>
      slot.value === undefined || slot.value === null || slot.value === '' ? [] : [[slot.slotId, slot.value]],
    ),
  );
}

/**
 * Compares the open question with what the server now shows: our value was applied, another actor changed it, or it is still
 * open.
 */
export function reconcile(context: JobContext, question: Question, reading: Reading): Question {
  const theirs = serverValues(reading);
  const conflicts: SlotConflict[] = [];
  const held = new Map(Object.entries(question.held));
  const values = new Map(Object.entries(question.values));
  for (const { slotId } of question.slots) {
    const their = slotIn(theirs, slotId);
    const our = values.get(slotId);
    if (their === undefined) {
      // The reading does not mention this slot: a known conflict stays.
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
 * Whether a read of the job does not show what is asked: only a status is known to include the checkpoint ("Step 7: Interactive
 * Checkpoints"). The status is then read before anything is answered.
 */
export function isIncomplete({ question }: JobContext, reading: Reading): boolean {
  if (hasNoStatus(reading)) return true;
  const { status, checkpoint } = reading;
  if (status !== 'slot_needed') return false;
  if (checkpoint === undefined) return true;
  return checkpoint.slots.length === 0 && !(question !== undefined && isSameQuestion(question, reading));
}

/** Values from other actors are recorded even if it is unclear which question is open. */
function withDoubt(context: JobContext, question: Question, reading: Reading): Question {
  const isAbout =
    reading.checkpoint === undefined || reading.checkpoint.checkpointId === question.checkpoint?.checkpointId;
  return { ...(isAbout ? reconcile(context, question, reading) : question), uncertain: true };
}

/** The question that is open after a reading of `pending` or `slot_needed`. */
export function questionAfter(context: JobContext, reading: Reading, source: 'job' | 'status'): Asking {
  const { question, turns } = context;
  const slots = reading.slots !== undefined && reading.slots.length > 0 ? reading.slots : context.slots;
  if (source === 'job' && isIncomplete(context, reading))
    return { question: question && withDoubt(context, question, reading), turns, slots };
  const listsSlots = (reading.checkpoint?.slots ?? reading.slots ?? []).length > 0;
  const isFirstListing = question?.slots.length === 0 && listsSlots;
  if (question !== undefined && isSameQuestion(question, reading) && !isFirstListing) {
    return { question: reconcile(context, question, reading), turns, slots };
  }
  const checkpoint = reading.checkpoint ?? { checkpointId: '', slots: reading.slots ?? [] };
  const asked = reading.status === 'pending' ? { slots } : { checkpoint, slots: checkpoint.slots };
  return {
    ...openQuestion(context.input, turns, asked),
    slots: reading.status === 'pending' ? slots : context.slots,
  };
}
