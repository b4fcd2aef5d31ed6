import * as z from 'zod/mini';
import type { HistoryEntry } from '../../job/source/lane-source.js';

const about = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const storedEntry = z.object({ seq: z.number(), at: z.number(), type: z.string(), about: z.string() });

/** A stored entry; undefined if it is invalid, so that the others can still be read. */
export function historyEntry(row: unknown): HistoryEntry | undefined {
  const { success, data } = storedEntry.safeParse(row);
  if (!success) return undefined;
  try {
    // The type came from the machine's events; a newer release may have more of them.
    return { ...data, type: data.type as HistoryEntry['type'], about: about.parse(JSON.parse(data.about)) };
  } catch {
    return undefined;
  }
}
