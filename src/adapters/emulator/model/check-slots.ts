import type { SlotValue } from '../../../services/wire/wire-types.js';
import type { FieldProblem } from './api-error.js';
import type { EmulatedSlot } from './workflow.js';

const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export const isBlank = (value: SlotValue | undefined): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

function textProblem(slot: EmulatedSlot, value: SlotValue): string | undefined {
  if (typeof value !== 'string') return 'must be text';
  if (slot.maxLength !== undefined && value.length > slot.maxLength)
    return `must have at most ${slot.maxLength} characters`;
  return undefined;
}

function typeProblem(slot: EmulatedSlot, value: SlotValue): string | undefined {
  switch (slot.type) {
    case 'text':
      return textProblem(slot, value);
    case 'number':
      return typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
        ? undefined
        : 'must be a number';
    case 'boolean':
      return value === true || value === false || value === 'true' || value === 'false'
        ? undefined
        : 'must be true or false';
    case 'list':
      return Array.isArray(value) ? undefined : 'must be a list';
    case 'enum':
      return slot.options?.some((option) => sameValue(option, value))
        ? undefined
        : `must be one of ${(slot.options ?? []).map(String).join(', ')}`;
  }
}

/** The error of a value for a slot; undefined if it is valid. */
export function slotProblem(slot: EmulatedSlot, value: SlotValue): string | undefined {
  if (isBlank(value)) return slot.required === false ? undefined : 'must not be empty';
  return typeProblem(slot, value);
}

/** The errors of a confirm for required slots without a value. */
export const missingProblems = (
  slots: readonly EmulatedSlot[],
  values: ReadonlyMap<string, SlotValue>,
): FieldProblem[] =>
  slots
    .filter((slot) => slot.required !== false && isBlank(values.get(slot.slotId)))
    .map((slot) => ({ field: `slots.${slot.slotId}`, message: 'is required and has no value' }));
