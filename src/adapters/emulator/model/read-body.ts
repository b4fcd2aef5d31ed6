import type { SlotValue } from '../../../services/wire/wire-types.js';
import type { FieldProblem } from './api-error.js';
import type { GivenSlot } from './world.js';

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSlotValue = (value: unknown): value is SlotValue =>
  value === null ||
  ['string', 'number', 'boolean'].includes(typeof value) ||
  (Array.isArray(value) && value.every(isSlotValue));

/** The JSON object of a request, or undefined if the body is not one. */
export function jsonObject(text: string | undefined): Fields | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export const isVersion = (value: unknown): value is number => Number.isInteger(value);

export const versionProblem: FieldProblem = {
  field: 'itemVersion',
  message: 'is required and must be an integer',
};

/** The `slots` of a PATCH ("Step 4: Fill Required Slots"), and the errors of their shape. */
export function readSlots(value: unknown): {
  readonly slots: readonly GivenSlot[];
  readonly problems: readonly FieldProblem[];
} {
  if (!Array.isArray(value) || value.length === 0) {
    return { slots: [], problems: [{ field: 'slots', message: 'must be a list that is not empty' }] };
  }
  const slots: GivenSlot[] = [];
  const problems: FieldProblem[] = [];
  for (const [index, entry] of value.entries()) {
    const slotId = isFields(entry) ? entry.slotId : undefined;
    const given = isFields(entry) ? entry.value : undefined;
    if (typeof slotId !== 'string')
      problems.push({ field: `slots[${index}].slotId`, message: 'is required' });
    else if (!isSlotValue(given)) problems.push({ field: `slots.${slotId}`, message: 'is not a slot value' });
    else slots.push({ slotId, value: given });
  }
  return { slots, problems };
}
