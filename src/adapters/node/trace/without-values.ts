/** What stands for a value that is left out of a trace. */
const LEFT_OUT = '[left out]';

/** Names under which a value of a slot stands, beside the definition of its slot or its id. */
const VALUE = /^(current|default|filled|given|initial|previous)?_?values?$/i;
/** Fields that hold slots: a list of them, or values by the slots' ids. */
const SLOTS = /slot/i;

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSlot = (value: Json): boolean => Object.keys(value).some((name) => /^slot_?id$/i.test(name));

/** Of an object below `slots`: a definition keeps all but its values; a map from ids to values keeps its ids. */
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

/** A JSON body without the values that people gave for slots. A copy. */
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
