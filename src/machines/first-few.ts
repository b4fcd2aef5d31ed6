const MOST_LISTED = 50;
const LONGEST_NAME = 200;

/** Shortens a list for a message: the first entries, then how many more there are. */
export function firstFew(list: readonly string[]): readonly string[] {
  if (list.length <= MOST_LISTED) return list;
  const few = list.slice(0, MOST_LISTED - 1);
  return [...few, `and ${list.length - few.length} more`];
}

/** Shortens a name so that it fits into a message. */
export const shortName = (name: string): string =>
  name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME)}…`;
