import type { FieldError } from '../../services/failure.js';
import type { SlotDefinition, SlotValue } from '../../services/wire/wire-types.js';
import type { JobOptions } from '../job-input.js';
import {
  type AnswerCursors,
  advancedCursors,
  isInTurn,
  preparedValue,
  type Question,
  type SlotKind,
  sameValue,
  unsentAnswers,
} from './question.js';
import { slotIn } from './slot-value.js';

/** `slots[1].value`, `slots.1.value` and `body.slots.1` all mean the second slot that was sent. */
const slotIndex = /\bslots[.[](\d+)/;

/** Marks where the client truncated a long list of errors; it belongs to no slot. */
const REST = /^and \d+ more$/;

/** An error without a field belongs to the slot that its text begins with, or to the only value that was sent. */
function slotInWords(question: Question, { message }: FieldError): string {
  if (REST.test(message)) return '';
  const word = /[\p{L}\p{N}_-]+/u.exec(message)?.[0];
  const named = question.slots.find((slot) => slot.slotId === word);
  const [only, ...others] = unsentAnswers(question);
  return named?.slotId ?? (others.length === 0 ? only?.slotId : undefined) ?? '';
}

function slotOf(question: Question, error: FieldError): string {
  if (error.field === '') return slotInWords(question, error);
  const index = slotIndex.exec(error.field)?.[1];
  const byIndex = index === undefined ? undefined : unsentAnswers(question)[Number(index)]?.slotId;
  if (byIndex !== undefined) return byIndex;
  const words = error.field.split(/[.[\]/]/);
  return question.slots.find((slot) => words.includes(slot.slotId))?.slotId ?? error.field;
}

/** A 422 can name a slot that was unknown so far. It can be filled if no slot is known, or if a value is prepared for it. */
function withNamedSlots(
  slots: readonly SlotDefinition[],
  errors: readonly FieldError[],
  isPrepared: (slotId: string) => boolean,
): readonly SlotDefinition[] {
  const known = new Set(slots.map((slot) => slot.slotId));
  const named = errors
    .map((error) => error.field)
    .filter((field) => field !== '' && !known.has(field) && (slots.length === 0 || isPrepared(field)));
  return [...slots, ...[...new Set(named)].map((slotId) => ({ slotId, type: 'text', required: true }))];
}

/** What to try before a person is asked: the next value of a list, or a value that was never sent because its slot was unknown. */
function nextValue(
  options: JobOptions,
  turns: AnswerCursors,
  { values }: Question,
  slot: SlotKind,
): SlotValue | undefined {
  const before = slotIn(values, slot.slotId);
  if (before !== undefined && !isInTurn(options, slot)) return undefined;
  const value = preparedValue(options, turns, slot);
  return sameValue(value, before) ? undefined : value;
}

/**
 * Handles a 422 on slots: assigns each error to its slot and keeps the typed values. If another value is prepared for every slot
 * with an error, it is tried before a person is asked.
 */
export function withRefusal(
  options: JobOptions,
  turns: AnswerCursors,
  question: Question,
  fieldErrors: readonly FieldError[],
): { readonly question: Question; readonly turns: AnswerCursors } {
  const reported =
    fieldErrors.length > 0 ? fieldErrors : [{ field: '', message: 'the server refused these values' }];
  const errors = reported.map((error) => ({ ...error, field: slotOf(question, error) }));
  const isPrepared = (slotId: string): boolean =>
    preparedValue(options, turns, { slotId, type: 'text' }) !== undefined;
  const refused: Question = {
    ...question,
    slots: withNamedSlots(question.slots, errors, isPrepared),
    fieldErrors: errors,
  };
  const kinds = new Map(question.slots.map((slot) => [slot.slotId, slot]));
  const complainedOf = [...new Set(errors.map(({ field }) => field))].map(
    (slotId): SlotKind => kinds.get(slotId) ?? { slotId, type: 'text' },
  );
  const next = complainedOf.map((slot) => [slot.slotId, nextValue(options, turns, question, slot)] as const);
  const tried = next.flatMap(([slotId, value]) => (value === undefined ? [] : [[slotId, value] as const]));
  if (tried.length < next.length) return { question: refused, turns };
  const values = { ...question.values, ...Object.fromEntries(tried) };
  return {
    question: { ...refused, values, fieldErrors: [] },
    turns: advancedCursors(options, turns, complainedOf),
  };
}
