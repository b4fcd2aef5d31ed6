import type { EmulatedSlot, EmulatedWorkflow } from '../../../src/adapters/emulator/index.js';
import type { SlotValue } from '../../../src/services/wire/wire-types.js';

/** A value that the server takes. `turn` distinguishes several of them. */
export function rightValue(slot: EmulatedSlot | undefined, turn = 0): SlotValue {
  switch (slot?.type) {
    case 'number':
      return 7 + turn;
    case 'boolean':
      return turn % 2 === 0;
    case 'list':
      return ['ours', String(turn)];
    case 'enum':
      return slot.options?.[turn % slot.options.length] ?? null;
    default:
      return `ours ${turn}`;
  }
}

/** A value that the server refuses. */
export function wrongValue(slot: EmulatedSlot | undefined): SlotValue {
  return slot === undefined || slot.type === 'text' ? 5 : 'perhaps';
}

/** Every slot of a workflow, by its name. */
export function slotsOf({ requiredSlots, execution }: EmulatedWorkflow): ReadonlyMap<string, EmulatedSlot> {
  const all = [...requiredSlots, ...(execution.checkpoints ?? []).flatMap(({ slots }) => slots)];
  return new Map(all.map((slot) => [slot.slotId, slot]));
}
