import type { FieldError } from '../../services/failure.js';
import type { Checkpoint, SlotAnswer, SlotDefinition, SlotValue } from '../../services/wire/wire-types.js';
import type { InputRequest, SlotConflict } from '../job-events.js';
import type { JobOptions } from '../job-input.js';
import { isSlotValue, readGivenSlots, type SlotValues, slotIn } from './slot-value.js';

/** A set of slots that the server asks for: before execution (no checkpoint) or at a checkpoint. */
export interface Question {
  readonly checkpoint?: Checkpoint;
  readonly slots: readonly SlotDefinition[];
  /** What we mean each slot to hold. */
  readonly values: SlotValues;
  /** What the server is known to hold: a value that differs from it is still to be sent. */
  readonly held: SlotValues;
  readonly fieldErrors: readonly FieldError[];
  readonly conflicts: readonly SlotConflict[];
  /** True when a re-read did not say which question is open: it must be read before anything is sent. */
  readonly uncertain: boolean;
  /** The server never named the slots: whatever a person names is sent. */
  readonly hasUnknownSlots?: boolean;
  /** The server accepted its confirm, or may have, and yet shows it again: a refusal of a second confirm then means success. */
  readonly wasConfirmed?: boolean;
  /** How often its confirm was refused as an invalid transition while the server showed it as open. */
  readonly refusedConfirms?: number;
}

/** Which of a list of answers comes next, per slot. */
export type AnswerCursors = Readonly<Record<string, number>>;

export const sameValue = (a: SlotValue | undefined, b: SlotValue | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

export const isBlank = (value: SlotValue | undefined): boolean =>
  value === undefined || value === null || value === '';

/** What is known of a slot where its value is looked up. */
export type SlotKind = Pick<SlotDefinition, 'slotId' | 'type'>;

const SEVERAL = /multi|list|array|\[\]/i;

/** Whether a slot is of a type that takes several values at once. */
export const takesSeveral = ({ type }: Pick<SlotDefinition, 'type'>): boolean => SEVERAL.test(type);

/** Whether the answers to a slot are used in turn: a list is, but a flat one for a slot that takes several values is one value. */
export function isInTurn(options: JobOptions, slot: SlotKind): boolean {
  const answer = slotIn(options.answers, slot.slotId);
  return Array.isArray(answer) && !(takesSeveral(slot) && !answer.some(Array.isArray));
}

/** The next prepared value of a slot; one that no slot can take counts as not given, so that a person is asked. */
export function preparedValue(
  options: JobOptions,
  turns: AnswerCursors,
  slot: SlotKind,
): SlotValue | undefined {
  const { slotId } = slot;
  const answer = slotIn(options.answers, slotId);
  const inTurn = Array.isArray(answer) && isInTurn(options, slot);
  const own = inTurn ? answer[slotIn(turns, slotId) ?? 0] : answer;
  // A list that is used up is used up; and `null` is an answer.
  const given = answer === undefined ? slotIn(options.slots, slotId) : own;
  return isSlotValue(given) ? given : undefined;
}

/** The turns once the next prepared values of these slots are used. */
export function advancedCursors(
  options: JobOptions,
  turns: AnswerCursors,
  slots: readonly SlotKind[],
): AnswerCursors {
  const used = slots
    .filter((slot) => isInTurn(options, slot))
    .map(({ slotId }) => [slotId, (slotIn(turns, slotId) ?? 0) + 1] as const);
  return { ...turns, ...Object.fromEntries(used) };
}

/** Values that the server already holds; an empty one counts as not given. */
function heldValues(slots: readonly SlotDefinition[]): SlotValues {
  const filled = slots.flatMap((slot) =>
    isBlank(slot.value) || slot.value === undefined ? [] : [[slot.slotId, slot.value] as const],
  );
  return Object.fromEntries(filled);
}

/** More than any workflow asks for; the client hands over one more at most. */
const MOST_SLOTS = 1_000;

/** What is not read of a list cannot be answered: a person says whether the job goes on without. */
const tooMany = (slots: readonly SlotDefinition[]): readonly FieldError[] =>
  slots.length <= MOST_SLOTS
    ? []
    : [{ field: '', message: `the job asks for more than ${MOST_SLOTS} slots; those beyond are not shown` }];

/** Opens a question, filled with what was prepared; returns the turns that it used up. */
export function openQuestion(
  options: JobOptions,
  turns: AnswerCursors,
  asked: { readonly checkpoint?: Checkpoint; readonly slots: readonly SlotDefinition[] },
): { readonly question: Question; readonly turns: AnswerCursors } {
  const held = heldValues(asked.slots);
  // What a checkpoint comes with is a proposal: a person, or an answer prepared for it, says whether it holds.
  const before = asked.checkpoint === undefined ? held : {};
  const prepared = asked.slots.flatMap((slot) => {
    const value = preparedValue(options, turns, slot);
    return value === undefined ? [] : [{ slot, value }];
  });
  const given = prepared.map(({ slot, value }) => [slot.slotId, value] as const);
  const values: SlotValues = { ...before, ...Object.fromEntries(given) };
  const fieldErrors = tooMany(asked.slots);
  const base = { slots: asked.slots, values, held, fieldErrors, conflicts: [], uncertain: false };
  const question = asked.checkpoint ? { ...base, checkpoint: asked.checkpoint } : base;
  const used = prepared.map(({ slot }) => slot);
  return { question, turns: advancedCursors(options, turns, used) };
}

/** The slots that must have a value and have none. */
export const missingSlots = (question: Question): string[] =>
  question.slots
    .filter((slot) => slot.required && isBlank(slotIn(question.values, slot.slotId)))
    .map((slot) => slot.slotId);

/** Whether only a person can take this question further. */
export const needsPerson = (question: Question): boolean =>
  question.fieldErrors.length > 0 || question.conflicts.length > 0 || missingSlots(question).length > 0;

/** The values that the server does not hold yet. `null` is nothing to send, but where the server holds something to be taken back. */
export const unsentAnswers = (question: Question): SlotAnswer[] =>
  question.slots.flatMap(({ slotId }) => {
    const value = slotIn(question.values, slotId);
    const held = slotIn(question.held, slotId);
    if (value === undefined || sameValue(value, held)) return [];
    return value === null && isBlank(held) ? [] : [{ slotId, value }];
  });

/** The PATCH was accepted: what we mean is what the server holds. */
export const markSent = (question: Question): Question => ({
  ...question,
  held: { ...question.held, ...question.values },
});

/** What a person is shown. */
export function inputRequest(question: Question): InputRequest {
  const { checkpoint, slots, values, fieldErrors, conflicts } = question;
  const request = { slots, missing: missingSlots(question), values, fieldErrors, conflicts };
  return checkpoint ? { checkpoint, ...request } : request;
}

/** Where the server refuses without ever having named a slot, the person who answers must know the names. */
const slotsOf = (typed: SlotValues): SlotDefinition[] =>
  Object.keys(typed).map((slotId) => ({ slotId, type: 'text', required: true }));

/**
 * Takes what was submitted, whatever it is: a slot that was not asked for, and a value that no slot can take, are refused by name; the
 * rest is kept. What cannot be read at all changes nothing but that it is said.
 */
export function withSubmission(question: Question, given: unknown): Question {
  const { values: typed, complaints, isUnreadable } = readGivenSlots(given);
  if (isUnreadable) {
    const known = question.fieldErrors.filter(({ message }) => complaints[0]?.message !== message);
    return { ...question, fieldErrors: [...known, ...complaints] };
  }
  const hasUnknownSlots = question.slots.length === 0 || question.hasUnknownSlots === true;
  const slots = hasUnknownSlots ? slotsOf({ ...question.values, ...typed }) : question.slots;
  const asked = new Set(slots.map((slot) => slot.slotId));
  const known = Object.entries(typed).filter(([slotId]) => asked.has(slotId));
  const unknown = Object.keys(typed).filter((slotId) => !asked.has(slotId));
  const taken = new Set(known.map(([slotId]) => slotId));
  const settled = question.conflicts.filter((conflict) => taken.has(conflict.slotId));
  return {
    ...question,
    slots,
    ...(hasUnknownSlots ? { hasUnknownSlots } : {}),
    values: { ...question.values, ...Object.fromEntries(known) },
    // What the other actor wrote is now known and decided upon: it is no conflict any more.
    held: {
      ...question.held,
      ...Object.fromEntries(settled.map((conflict) => [conflict.slotId, conflict.theirs])),
    },
    conflicts: question.conflicts.filter((conflict) => !taken.has(conflict.slotId)),
    fieldErrors: [
      ...complaints,
      ...unknown.map((field) => ({ field, message: 'this slot is not asked for' })),
    ],
  };
}
