/** Replaces a value that is left out of a trace. */
const LEFT_OUT = '[left out]';

/** Field names for the value of a slot, next to its definition or id. */
const VALUE = /^(current|default|filled|given|initial|previous)?_?values?$/i;
/** Field names for slots: a list of them, or values by slot id. */
const SLOTS = /slot/i;

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSlot = (value: Json): boolean => Object.keys(value).some((name) => /^slot_?id$/i.test(name));

/** For an object below `slots`: a definition keeps everything but its values; a map from ids to values keeps its ids. */
function slotsWithout(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(slotsWithout);
  if (!isObject(value)) return value === null ? null : LEFT_OUT;
  const isDefinition = isSlot(value) || 'type' in value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => {
      if (VALUE.test(name)) return [name, entry === null ? null : LEFT_OUT];
      return [name, isDefinition ? entry : slotsWithout(entry)];
    }),
  );
}

/** A copy of a JSON body without the values that people entered for slots. */
export function withoutSlotValues(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(withoutSlotValues);
  if (!isObject(body)) return body;
  if (isSlot(body)) return slotsWithout(body);
  return Object.fromEntries(
    Object.entries(body).map(([name, entry]) => [
      name,
      SLOTS.test(name) && typeof entry === 'object' ? slotsWithout(entry) : withoutSlotValues(entry),
    ]),
  );
}
