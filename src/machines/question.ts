import type { FieldError } from '../services/failure.js';
import type { Checkpoint, SlotAnswer, SlotDefinition, SlotValue } from '../services/wire-types.js';
import type { InputRequest, SlotConflict } from './job-events.js';
import type { JobOptions } from './job-input.js';

type Values = Readonly<Record<string, SlotValue>>;

/** A set of slots that the server asks for: before execution (no checkpoint) or at a checkpoint. */
export interface Question {
  readonly checkpoint?: Checkpoint;
  readonly slots: readonly SlotDefinition[];
  /** What we mean each slot to hold. */
  readonly values: Values;
  /** What the server is known to hold: a value that differs from it is still to be sent. */
  readonly held: Values;
  readonly fieldErrors: readonly FieldError[];
  readonly conflicts: readonly SlotConflict[];
  /** True when a re-read did not say which question is open: it must be read before anything is sent. */
  readonly uncertain: boolean;
  /** The server never named the slots: whatever a person names is sent. */
  readonly isUntold?: boolean;
  /** The server accepted its confirm, or may have, and yet shows it again: a refusal of a second confirm is then good news. */
  readonly wasConfirmed?: boolean;
  /** How often its confirm was refused as an invalid transition while the server showed it as open. */
  readonly refusedConfirms?: number;
}

/** Which of a list of answers comes next, per slot. */
export type Turns = Readonly<Record<string, number>>;

export const sameValue = (a: SlotValue | undefined, b: SlotValue | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

export const isBlank = (value: SlotValue | undefined): boolean =>
  value === undefined || value === null || value === '';

/** The next prepared value of a slot: a list of answers is used in turn, a single one each time it is asked. */
export function preparedValue(options: JobOptions, turns: Turns, slotId: string): SlotValue | undefined {
  const answer =
    options.answers && Object.hasOwn(options.answers, slotId) ? options.answers[slotId] : undefined;
  if (Array.isArray(answer)) return answer[turns[slotId] ?? 0];
  if (answer !== undefined) return answer;
  return options.slots && Object.hasOwn(options.slots, slotId) ? options.slots[slotId] : undefined;
}

/** Values that the server already holds; an empty one counts as not given. */
function heldValues(slots: readonly SlotDefinition[]): Values {
  const filled = slots.flatMap((slot) =>
    isBlank(slot.value) || slot.value === undefined ? [] : [[slot.slotId, slot.value] as const],
  );
  return Object.fromEntries(filled);
}

/** Opens a question, filled with what was prepared; returns the turns that it used up. */
export function openQuestion(
  options: JobOptions,
  turns: Turns,
  asked: { readonly checkpoint?: Checkpoint; readonly slots: readonly SlotDefinition[] },
): { readonly question: Question; readonly turns: Turns } {
  const held = heldValues(asked.slots);
  // What a checkpoint comes with is a proposal: a person, or an answer prepared for it, says whether it holds.
  const values: Record<string, SlotValue> = asked.checkpoint === undefined ? { ...held } : {};
  const nextTurns: Record<string, number> = { ...turns };
  for (const { slotId } of asked.slots) {
    const value = preparedValue(options, turns, slotId);
    if (value === undefined) continue;
    values[slotId] = value;
    if (Array.isArray(options.answers?.[slotId])) nextTurns[slotId] = (turns[slotId] ?? 0) + 1;
  }
  const base = { slots: asked.slots, values, held, fieldErrors: [], conflicts: [], uncertain: false };
  const question = asked.checkpoint ? { ...base, checkpoint: asked.checkpoint } : base;
  return { question, turns: nextTurns };
}

/** The slots that must have a value and have none. */
export const missingSlots = (question: Question): string[] =>
  question.slots
    .filter((slot) => slot.required && isBlank(question.values[slot.slotId]))
    .map((slot) => slot.slotId);

/** Whether only a person can take this question further. */
export const needsPerson = (question: Question): boolean =>
  question.fieldErrors.length > 0 || question.conflicts.length > 0 || missingSlots(question).length > 0;

/** The values that the server does not hold yet. */
export const unsentAnswers = (question: Question): SlotAnswer[] =>
  question.slots
    .map(({ slotId }) => ({ slotId, value: question.values[slotId] }))
    .filter(
      (answer): answer is SlotAnswer =>
        answer.value !== undefined && !sameValue(answer.value, question.held[answer.slotId]),
    );

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

/** Where the server refuses without ever having named a slot, whoever answers must know the names. */
const slotsOf = (typed: Values): SlotDefinition[] =>
  Object.keys(typed).map((slotId) => ({ slotId, type: 'text', required: true }));

/** Takes what a person typed. A slot that was not asked for is refused by name; the rest is kept. */
export function withSubmission(question: Question, typed: Values): Question {
  const isUntold = question.slots.length === 0 || question.isUntold === true;
  const slots = isUntold ? slotsOf({ ...question.values, ...typed }) : question.slots;
  const asked = new Set(slots.map((slot) => slot.slotId));
  const known = Object.entries(typed).filter(([slotId]) => asked.has(slotId));
  const unknown = Object.keys(typed).filter((slotId) => !asked.has(slotId));
  const given = new Set(known.map(([slotId]) => slotId));
  const settled = question.conflicts.filter((conflict) => given.has(conflict.slotId));
  return {
    ...question,
    slots,
    ...(isUntold ? { isUntold } : {}),
    values: { ...question.values, ...Object.fromEntries(known) },
    // What the other actor wrote is now known and decided upon: it is no conflict any more.
    held: {
      ...question.held,
      ...Object.fromEntries(settled.map((conflict) => [conflict.slotId, conflict.theirs])),
    },
    conflicts: question.conflicts.filter((conflict) => !given.has(conflict.slotId)),
    fieldErrors: unknown.map((field) => ({ field, message: 'this slot is not asked for' })),
  };
}
