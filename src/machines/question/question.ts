import type { FieldError } from '../../services/failure.js';
import type { Checkpoint, SlotAnswer, SlotDefinition, SlotValue } from '../../services/wire/wire-types.js';
import type { InputRequest, SlotConflict } from '../job-events.js';
import type { JobOptions } from '../job-input.js';
import { isSlotValue, readGivenSlots, type SlotValues, slotIn } from './slot-value.js';

/** A set of slots that the server asks for: before execution (no checkpoint) or at a checkpoint. */
export interface Question {
  readonly checkpoint?: Checkpoint;
  readonly slots: readonly SlotDefinition[];
  /** The value that each slot should get. */
  readonly values: SlotValues;
  /** The values that the server is known to have. Where they differ from `values`, a value is still to be sent. */
  readonly held: SlotValues;
  readonly fieldErrors: readonly FieldError[];
  readonly conflicts: readonly SlotConflict[];
  /** True if a re-read did not show which question is open: it must be read before anything is sent. */
  readonly uncertain: boolean;
  /** The server never named the slots: any slot that a person names is sent. */
  readonly hasUnknownSlots?: boolean;
  /** The server accepted its confirm, or may have, and yet shows it again: if a second confirm is refused, the first one worked. */
  readonly wasConfirmed?: boolean;
  /** How often its confirm was refused as an invalid transition while the server still showed it as open. */
  readonly refusedConfirms?: number;
}

/** Per slot, the index of the next answer in its list. */
export type AnswerCursors = Readonly<Record<string, number>>;

export const sameValue = (a: SlotValue | undefined, b: SlotValue | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Whether a value answers nothing. A list of nothing does not, so no required slot is confirmed with it ("Step 4"). */
export const isBlank = (value: SlotValue | undefined): boolean =>
  Array.isArray(value) ? value.every(isBlank) : value === undefined || value === null || value === '';

/** What a lookup of a prepared value needs to know of a slot. */
export type SlotKind = Pick<SlotDefinition, 'slotId' | 'type'>;

const SEVERAL = /multi|list|array|\[\]/i;

/** Whether a slot is of a type that takes several values at once. */
export const takesSeveral = ({ type }: Pick<SlotDefinition, 'type'>): boolean => SEVERAL.test(type);

/**
 * Whether the answers to a slot are used in turn. A list is, except that a flat list for a slot that takes several values is one
 * value.
 */
export function isInTurn(options: JobOptions, slot: SlotKind): boolean {
  const answer = slotIn(options.answers, slot.slotId);
  return Array.isArray(answer) && !(takesSeveral(slot) && !answer.some(Array.isArray));
}

/** The next prepared value of a slot. A value that no slot can take counts as missing, so that a person is asked. */
export function preparedValue(
  options: JobOptions,
  turns: AnswerCursors,
  slot: SlotKind,
): SlotValue | undefined {
  const { slotId } = slot;
  const answer = slotIn(options.answers, slotId);
  const inTurn = Array.isArray(answer) && isInTurn(options, slot);
  const own = inTurn ? answer[slotIn(turns, slotId) ?? 0] : answer;
  // An exhausted list does not fall back to `slots`, and `null` is an answer.
  const given = answer === undefined ? slotIn(options.slots, slotId) : own;
  return isSlotValue(given) ? given : undefined;
}

/** The cursors after the next prepared values of these slots are used. */
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

/** Values that the server already has; an empty one counts as missing. */
function heldValues(slots: readonly SlotDefinition[]): SlotValues {
  const filled = slots.flatMap((slot) =>
    isBlank(slot.value) || slot.value === undefined ? [] : [[slot.slotId, slot.value] as const],
  );
  return Object.fromEntries(filled);
}

/** More than any workflow asks for. The client returns at most one more. */
const MOST_SLOTS = 1_000;

/** Slots beyond the limit are not read and cannot be answered: a person decides whether the job continues without them. */
const tooMany = (slots: readonly SlotDefinition[]): readonly FieldError[] =>
  slots.length <= MOST_SLOTS
    ? []
    : [{ field: '', message: `the job asks for more than ${MOST_SLOTS} slots; those beyond are not shown` }];

/** Opens a question filled with prepared values, and returns the advanced cursors. */
export function openQuestion(
  options: JobOptions,
  turns: AnswerCursors,
  asked: { readonly checkpoint?: Checkpoint; readonly slots: readonly SlotDefinition[] },
): { readonly question: Question; readonly turns: AnswerCursors } {
  const held = heldValues(asked.slots);
  // A value that comes with a checkpoint is a proposal: a person or a prepared answer has to accept it.
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

/** The required slots without a value. */
export const missingSlots = (question: Question): string[] =>
  question.slots
    .filter((slot) => slot.required && isBlank(slotIn(question.values, slot.slotId)))
    .map((slot) => slot.slotId);

/** Whether only a person can resolve this question. */
export const needsPerson = (question: Question): boolean =>
  question.fieldErrors.length > 0 || question.conflicts.length > 0 || missingSlots(question).length > 0;

/** The values that the server does not have yet. `null` is sent only to remove a value that the server has. */
export const unsentAnswers = (question: Question): SlotAnswer[] =>
  question.slots.flatMap(({ slotId }) => {
    const value = slotIn(question.values, slotId);
    const held = slotIn(question.held, slotId);
    if (value === undefined || sameValue(value, held)) return [];
    return value === null && isBlank(held) ? [] : [{ slotId, value }];
  });

/** After an accepted PATCH the server has our values. */
export const markSent = (question: Question): Question => ({
  ...question,
  held: { ...question.held, ...question.values },
});

/** What to show to a person. */
export function inputRequest(question: Question): InputRequest {
  const { checkpoint, slots, values, fieldErrors, conflicts } = question;
  const request = { slots, missing: missingSlots(question), values, fieldErrors, conflicts };
  return checkpoint ? { checkpoint, ...request } : request;
}

/** If the server refuses without naming any slot, the person who answers must know the slot names. */
const slotsOf = (typed: SlotValues): SlotDefinition[] =>
  Object.keys(typed).map((slotId) => ({ slotId, type: 'text', required: true }));

/**
 * Applies submitted values, which may be anything. Slots that were not asked for and invalid values are rejected by name; the
 * rest is kept. An unreadable submission only adds an error.
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
    // The submission decides the conflict, so the other actor's value is recorded as known.
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
