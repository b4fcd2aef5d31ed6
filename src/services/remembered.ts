/** Longer texts are rarely the same twice, and cost more to keep than to read. */
const LONGEST = 2_000;
/** Texts of one generation: at most twice so many are kept. */
const MOST = 512;

/**
 * A pure function of a text that remembers what it said of the last short ones: most replies say what the one before said. In two
 * generations, so that a text that comes again and again stays and nothing needs to be sorted. What it throws is not remembered.
 */
export function remembered<Value>(read: (text: string) => Value): (text: string) => Value {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  const keep = (text: string, value: Value): Value => {
    if (young.size >= MOST) {
      old = young;
      young = new Map();
    }
    young.set(text, value);
    return value;
  };
  return (text) => {
    if (text.length > LONGEST) return read(text);
    const known = young.get(text);
    if (known !== undefined || young.has(text)) return known as Value;
    return keep(text, old.has(text) ? (old.get(text) as Value) : read(text));
  };
}
