import { shortened } from './bounds.js';

const MOST_DEPTH = 40;
/** What fits on a line is written on one. */
const LINE = 120;
const CUT = '…';

/** A copy of a value that is safe to serialise: limited in depth and to about `most` characters. */
function pruned(value: unknown, most: number): unknown {
  let left = most;
  const prune = (entry: unknown, depth: number): unknown => {
    left -= typeof entry === 'string' ? entry.length + 4 : 4;
    if (typeof entry === 'string') return shortened(entry, most);
    if (typeof entry !== 'object' || entry === null) return entry;
    if (depth >= MOST_DEPTH || left < 0) return CUT;
    if (Array.isArray(entry)) {
      const items: unknown[] = [];
      for (const item of entry) {
        const isCut = left < 0;
        items.push(isCut ? CUT : prune(item, depth + 1));
        if (isCut) break;
      }
      return items;
    }
    const fields: [string, unknown][] = [];
    for (const [key, item] of Object.entries(entry)) {
      const isCut = left < 0;
      left -= key.length;
      fields.push([key, isCut ? CUT : prune(item, depth + 1)]);
      if (isCut) break;
    }
    return Object.fromEntries(fields);
  };
  return prune(value, 0);
}

/**
 * A value that was sent instead of text, as text: JSON on one line if it fits, otherwise indented; at most about `most`
 * characters.
 */
export function jsonInWords(value: unknown, most: number): string {
  if (typeof value === 'string') return shortened(value, most);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const sound = pruned(value, most);
  const line = JSON.stringify(sound);
  return shortened(line.length <= LINE ? line : JSON.stringify(sound, undefined, 2), most);
}
