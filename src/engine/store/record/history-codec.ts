import { z } from 'zod';
import type { HistoryEntry, HistoryPage, HistoryQuery } from '../../job/source/lane-source.js';

/** So much of a job is kept; what tells least goes first. */
export const KEPT_ENTRIES = 500;

const MOST = 1_000;
export const pageLimit = ({ limit = 100 }: HistoryQuery): number =>
  Math.min(MOST, Math.max(1, Math.trunc(limit)));

const about = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const storedEntry = z.object({ seq: z.number(), at: z.number(), type: z.string(), about: z.string() });

/** An entry as it is stored; undefined where it makes no sense: the others are still worth reading. */
export function historyEntry(row: unknown): HistoryEntry | undefined {
  const { success, data } = storedEntry.safeParse(row);
  if (!success) return undefined;
  try {
    // Whoever stored it had it from the machine's events; a newer release may know more of them.
    return { ...data, type: data.type as HistoryEntry['type'], about: about.parse(JSON.parse(data.about)) };
  } catch {
    return undefined;
  }
}

/** @param newestFirst one more than the limit, where there are so many */
export function historyPage(newestFirst: readonly HistoryEntry[], limit: number): HistoryPage {
  const entries = newestFirst.slice(0, limit).reverse();
  const [oldest] = entries;
  return newestFirst.length > limit && oldest !== undefined ? { entries, before: oldest.seq } : { entries };
}
