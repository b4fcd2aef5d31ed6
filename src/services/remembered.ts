/** Longer texts rarely repeat, and cost more to keep than to read. */
const LONGEST = 2_000;
/** Texts of one generation; two generations are kept. */
const MOST = 512;

/** Wrapped, so that a cached `undefined` differs from a missing entry. */
interface Kept<Value> {
  readonly value: Value;
}

/**
 * Caches the results of a pure function for recent short texts: most replies equal the one before. Two generations keep frequent
 * texts without sorting. Errors are not cached.
 */
export function remembered<Value>(read: (text: string) => Value): (text: string) => Value {
  // Made for the first text: a process may have a thousand clients, of which most wait for a job.
  let young: Map<string, Kept<Value>> | undefined;
  let old: Map<string, Kept<Value>> | undefined;
  const keep = (text: string, kept: Kept<Value>): Value => {
    young ??= new Map();
    if (young.size >= MOST) {
      old = young;
      young = new Map();
    }
    young.set(text, kept);
    return kept.value;
  };
  return (text) => {
    if (text.length > LONGEST) return read(text);
    const known = young?.get(text);
    return known === undefined ? keep(text, old?.get(text) ?? { value: read(text) }) : known.value;
  };
}
