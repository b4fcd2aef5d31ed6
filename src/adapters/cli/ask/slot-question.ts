import type { InputRequest } from '../../../machines/job-events.js';
import { takesSeveral } from '../../../machines/question/question.js';
import { slotIn } from '../../../machines/question/slot-value.js';
import type { SlotDefinition, SlotValue } from '../../../services/wire/wire-types.js';
import { safeLine } from '../say/terminal-safe.js';

/** How to ask a person for one slot. */
export interface SlotQuestion {
  readonly slotId: string;
  readonly form: 'choice' | 'choices' | 'yes-no' | 'number' | 'list' | 'text';
  /** One line: the question, and why it is asked again. */
  readonly message: string;
  readonly isRequired: boolean;
  /** For choices: each allowed value and its label. */
  readonly options: readonly { readonly value: SlotValue; readonly label: string }[];
  /** The earlier value, if any. */
  readonly kept: SlotValue | undefined;
}

/** A value as shown to a person. */
export const valueInWords = (value: SlotValue): string =>
  safeLine(typeof value === 'string' ? value : JSON.stringify(value));

const isYesNo = (slot: SlotDefinition): boolean => /^bool/i.test(slot.type);

function formOf(slot: SlotDefinition): SlotQuestion['form'] {
  if (slot.options !== undefined && slot.options.length > 0) {
    return takesSeveral(slot) ? 'choices' : 'choice';
  }
  // A yes-no prompt has no third answer: leaving the slot out must be one of the choices.
  if (isYesNo(slot)) return slot.required ? 'yes-no' : 'choice';
  if (takesSeveral(slot)) return 'list';
  return /^(number|int|float|decimal)/i.test(slot.type) ? 'number' : 'text';
}

function complaintsAbout(request: InputRequest, slotId: string): string[] {
  const refused = request.fieldErrors
    .filter((error) => error.field === slotId)
    .map((error) => `refused: ${safeLine(error.message)}`);
  const changed = request.conflicts
    .filter((conflict) => conflict.slotId === slotId)
    .map(
      ({ ours, theirs }) =>
        `someone else set it to ${valueInWords(theirs)} meanwhile; yours was ${valueInWords(ours)}`,
    );
  return [...refused, ...changed];
}

function optionsOf(request: InputRequest, slot: SlotDefinition): SlotQuestion['options'] {
  const conflict = request.conflicts.find(({ slotId }) => slotId === slot.slotId);
  if (slot.options !== undefined && slot.options.length > 0) {
    return slot.options.map((value) => ({ value, label: valueInWords(value) }));
  }
  if (conflict === undefined) {
    return isYesNo(slot)
      ? [
          { value: true, label: 'yes' },
          { value: false, label: 'no' },
        ]
      : [];
  }
  return [
    { value: conflict.theirs, label: `theirs: ${valueInWords(conflict.theirs)}` },
    { value: conflict.ours, label: `yours: ${valueInWords(conflict.ours)}` },
  ];
}

function questionFor(request: InputRequest, slot: SlotDefinition): SlotQuestion {
  const name = safeLine(slot.label ?? slot.slotId);
  const about = slot.description === undefined ? '' : ` (${safeLine(slot.description)})`;
  const several = formOf(slot) === 'list' ? ', separated by commas' : '';
  const optional = slot.required ? '' : ', optional';
  const isConflict = request.conflicts.some(({ slotId }) => slotId === slot.slotId);
  return {
    slotId: slot.slotId,
    form: isConflict ? 'choice' : formOf(slot),
    message: [`${name}${about}${several}${optional}`, ...complaintsAbout(request, slot.slotId)].join(' – '),
    isRequired: slot.required,
    options: optionsOf(request, slot),
    kept: slotIn(request.values, slot.slotId),
  };
}

/** Errors of the server that belong to no slot of this question. */
export function generalComplaints(request: InputRequest): string[] {
  const known = new Set(request.slots.map((slot) => slot.slotId));
  return request.fieldErrors
    .filter((error) => !known.has(error.field))
    .map((error) =>
      [error.field, error.message]
        .filter((word) => word !== '')
        .map(safeLine)
        .join(': '),
    );
}

/** The slots to ask for: missing, refused or in conflict; all if the server names none; the first time also optional ones. */
export function slotQuestions(request: InputRequest): SlotQuestion[] {
  const named = new Set([
    ...request.missing,
    ...request.fieldErrors.map((error) => error.field),
    ...request.conflicts.map((conflict) => conflict.slotId),
  ]);
  const isFirst = request.fieldErrors.length === 0 && request.conflicts.length === 0;
  const isOpen = (slot: SlotDefinition): boolean =>
    named.has(slot.slotId) ||
    (isFirst && !slot.required && slotIn(request.values, slot.slotId) === undefined);
  const asked = generalComplaints(request).length > 0 ? request.slots : request.slots.filter(isOpen);
  return asked.map((slot) => questionFor(request, slot));
}

/** The earlier value in a form that can be typed again. */
export const keptAsTyped = ({ kept }: SlotQuestion): string | undefined => {
  if (kept === undefined || kept === null) return undefined;
  return Array.isArray(kept) ? kept.map(valueInWords).join(', ') : valueInWords(kept);
};

/** Parses typed text; an Error describes what is wrong with it. */
export function readTyped(question: SlotQuestion, typed: string): SlotValue | undefined | Error {
  const text = typed.trim();
  if (text === '') return question.isRequired ? new Error('A value is needed') : undefined;
  if (question.form === 'list') return text.split(',').map((entry) => entry.trim());
  if (question.form !== 'number') return text;
  const value = Number(text);
  return Number.isFinite(value) ? value : new Error('This is not a number');
}
