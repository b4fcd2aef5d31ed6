const MOST_LISTED = 50;
const LONGEST_NAME = 200;

/** The first of many, and how many there are more: a message lists no thousands. */
export function firstFew(list: readonly string[]): readonly string[] {
  if (list.length <= MOST_LISTED) return list;
  const few = list.slice(0, MOST_LISTED - 1);
  return [...few, `and ${list.length - few.length} more`];
}

/** A name from elsewhere, as long as a sentence can carry. */
export const shortName = (name: string): string =>
  name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME)}…`;
