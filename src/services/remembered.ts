/** Longer texts are rarely the same twice, and cost more to keep than to read. */
const LONGEST = 2_000;
/** Texts of one generation: at most twice so many are kept. */
const MOST = 512;

/** In a box, so that a value that is undefined is known from none. */
interface Kept<Value> {
  readonly value: Value;
}

/**
 * A pure function of a text that remembers what it said of the last short ones: most replies say what the one before said. In two
 * generations, so that a text that comes again and again stays and nothing needs to be sorted. What it throws is not remembered.
 */
export function remembered<Value>(read: (text: string) => Value): (text: string) => Value {
  let young = new Map<string, Kept<Value>>();
  let old = new Map<string, Kept<Value>>();
  const keep = (text: string, kept: Kept<Value>): Value => {
    if (young.size >= MOST) {
      old = young;
      young = new Map();
    }
    young.set(text, kept);
    return kept.value;
  };
  return (text) => {
    if (text.length > LONGEST) return read(text);
    const known = young.get(text);
    return known === undefined ? keep(text, old.get(text) ?? { value: read(text) }) : known.value;
  };
}
