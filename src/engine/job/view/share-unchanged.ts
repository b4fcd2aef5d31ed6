const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function sharedList(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  const items = after.map((item, index) => sharedPart(before[index], item));
  const isSame = items.length === before.length && items.every((item, index) => item === before[index]);
  return isSame ? before : items;
}

function sharedRecord(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const names = Object.keys(after);
  const parts = Object.fromEntries(names.map((name) => [name, sharedPart(before[name], after[name])]));
  const isSame =
    names.length === Object.keys(before).length && names.every((name) => parts[name] === before[name]);
  return isSame ? before : parts;
}

function sharedPart(before: unknown, after: unknown): unknown {
  if (Object.is(before, after)) return before;
  if (Array.isArray(before) && Array.isArray(after)) return sharedList(before, after);
  return isPlain(before) && isPlain(after) ? sharedRecord(before, after) : after;
}

/** The new value, in which each part that equals the old one is the same object as before. For plain data only. */
export const shareUnchanged = <Value>(before: Value | undefined, after: Value): Value =>
  // Each part equals the corresponding part of `after`.
  sharedPart(before, after) as Value;
