import type { FieldError } from '../../services/failure.js';
import type { SlotValue } from '../../services/wire/wire-types.js';

/** Deeper lists than this are no slot's value; nor are cycles, which have no bottom. */
const MOST_DEPTH = 32;
/** Entries of a value, those of its lists included. */
const MOST_ENTRIES = 100_000;

/** What may be given to a slot, in words. */
export const SLOT_VALUE_IN_WORDS = `text, a finite number, true or false, null, or a list of these (at most ${MOST_DEPTH} deep, of at most ${MOST_ENTRIES} entries)`;

const LONGEST_SHOWN = 40;

/** A value as an error shows it; what has an inside is only named, for it may hold anything. */
export function valueShown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, LONGEST_SHOWN));
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
}

/** What JSON carries unchanged, but for objects, which no slot takes. */
export function isSlotValue(value: unknown): value is SlotValue {
  // Counted, because a list that holds another one many times is small to keep and endless to write.
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
    // A host's object may throw when it is looked at.
    return false;
  }
}

/** A copy that nobody else can change any more. */
const copied = (value: SlotValue): SlotValue => (Array.isArray(value) ? value.map(copied) : value);

/** Values by slot. A slot may be called `__proto__`: read with {@link slotIn}, write with `Object.fromEntries`. */
export type SlotValues = Readonly<Record<string, SlotValue>>;

/** What a map holds for a slot; never what every object inherits. */
export const slotIn = <Value>(
  map: Readonly<Record<string, Value>> | null | undefined,
  slotId: string,
): Value | undefined =>
  typeof map === 'object' && map !== null && Object.hasOwn(map, slotId) ? map[slotId] : undefined;

/** What somebody gave for slots: what can be sent, and what is wrong with the rest. */
export interface GivenSlots {
  readonly values: SlotValues;
  readonly complaints: readonly FieldError[];
  /** It is no map of slots at all. */
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

/** Reads what may be anything: an entry that is undefined was not given, one that no slot can take is named. */
export function readGivenSlots(given: unknown): GivenSlots {
  try {
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      return unreadable(valueShown(given));
    const entries = Object.entries(given).filter(([, value]) => value !== undefined);
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
