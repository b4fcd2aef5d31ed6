import type { FieldError } from '../../services/failure.js';
import type { SlotValue } from '../../services/wire/wire-types.js';

/** Deeper lists are rejected, and so are cyclic ones. */
const MOST_DEPTH = 32;
/** Maximum entries of a value, including those of nested lists. */
const MOST_ENTRIES = 100_000;

/** The allowed values, for messages. */
export const SLOT_VALUE_IN_WORDS = `text, a finite number, true or false, null, or a list of these (at most ${MOST_DEPTH} deep, of at most ${MOST_ENTRIES} entries)`;

const LONGEST_SHOWN = 40;

/** A value as shown in an error. Only the type of lists and objects is shown, because they may contain anything. */
export function valueShown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, LONGEST_SHOWN));
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
}

/** Whether a value survives JSON unchanged and is not an object, which no slot takes. */
export function isSlotValue(value: unknown): value is SlotValue {
  // Entries are counted, because a list that contains another one many times is small in memory and huge as JSON.
  let left = MOST_ENTRIES;
  const isSound = (entry: unknown, depth: number): boolean => {
    left -= 1;
    if (left < 0 || depth > MOST_DEPTH) return false;
    if (Array.isArray(entry)) return Array.from(entry).every((item) => isSound(item, depth + 1));
    return entry === null || ['string', 'boolean'].includes(typeof entry) || Number.isFinite(entry);
  };
  try {
    return isSound(value, 0);
  } catch {
    // An object of the host may throw when it is inspected.
    return false;
  }
}

/** A copy, so that the caller cannot change it later. */
const copied = (value: SlotValue): SlotValue => (Array.isArray(value) ? value.map(copied) : value);

/** Values by slot. A slot may be called `__proto__`: read with {@link slotIn}, write with `Object.fromEntries`. */
export type SlotValues = Readonly<Record<string, SlotValue>>;

/** The entry of a map for a slot; inherited properties are ignored. */
export const slotIn = <Value>(
  map: Readonly<Record<string, Value>> | null | undefined,
  slotId: string,
): Value | undefined =>
  typeof map === 'object' && map !== null && Object.hasOwn(map, slotId) ? map[slotId] : undefined;

/** Submitted slot values: those that can be sent, and the errors of the rest. */
export interface GivenSlots {
  readonly values: SlotValues;
  readonly complaints: readonly FieldError[];
  /** True if the input is not an object of slots. */
  readonly isUnreadable: boolean;
}

const unreadable = (what: string): GivenSlots => ({
  values: {},
  complaints: [
    {
      field: '',
      message: `the values given are ${what}, and nothing of them was taken; give an object: slotId → value`,
    },
  ],
  isUnreadable: true,
});

/** Reads input that may be anything: an undefined entry counts as missing, an invalid one is reported. */
export function readGivenSlots(given: unknown): GivenSlots {
  try {
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      return unreadable(valueShown(given));
    const own = Object.entries(given);
    // The entries of a Map are no properties: they would be dropped without a word.
    const kind = Object.prototype.toString.call(given);
    if (own.length === 0 && kind !== '[object Object]') return unreadable(kind);
    const entries = own.filter(([, value]) => value !== undefined);
    const complaints = entries
      .filter(([, value]) => !isSlotValue(value))
      .map(([field, value]) => ({
        field,
        message: `the value given is ${valueShown(value)}; allowed is ${SLOT_VALUE_IN_WORDS}`,
      }));
    const sound = entries.flatMap(([slotId, value]) =>
      isSlotValue(value) ? [[slotId, copied(value)] as const] : [],
    );
    return { values: Object.fromEntries(sound), complaints, isUnreadable: false };
  } catch {
    return unreadable('an object that cannot be read');
  }
}
