import * as z from 'zod';
import type { HistoryEntry, HistoryPage, HistoryQuery } from '../../job/source/lane-source.js';

/** How many entries are kept per job; the least useful are dropped first. */
export const KEPT_ENTRIES = 500;

const MOST = 1_000;
export const pageLimit = ({ limit = 100 }: HistoryQuery): number =>
  Math.min(MOST, Math.max(1, Math.trunc(limit)));

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

/** @param newestFirst one more than the limit, if there are that many */
export function historyPage(newestFirst: readonly HistoryEntry[], limit: number): HistoryPage {
  const entries = newestFirst.slice(0, limit).reverse();
  const [oldest] = entries;
  return newestFirst.length > limit && oldest !== undefined ? { entries, before: oldest.seq } : { entries };
}
