import type { HistoryEntry, HistoryPage, HistoryQuery } from '../source/lane-source.js';

/** How many entries are kept per job; the least useful are dropped first. */
export const KEPT_ENTRIES = 500;

const MOST = 1_000;
export const pageLimit = ({ limit = 100 }: HistoryQuery): number =>
  Math.min(MOST, Math.max(1, Math.trunc(limit)));

/** @param newestFirst one more than the limit, if there are that many */
export function historyPage(newestFirst: readonly HistoryEntry[], limit: number): HistoryPage {
  const entries = newestFirst.slice(0, limit).reverse();
  const [oldest] = entries;
  return newestFirst.length > limit && oldest !== undefined ? { entries, before: oldest.seq } : { entries };
}

/** The requested page of the kept entries, oldest first. */
export function pageOf(kept: readonly HistoryEntry[], query: HistoryQuery): HistoryPage {
  const { before = Number.MAX_SAFE_INTEGER } = query;
  const limit = pageLimit(query);
  const older = kept.filter(({ seq }) => seq < before);
  return historyPage([...older].reverse().slice(0, limit + 1), limit);
}

/** Drops the least useful entries: progress first, then the oldest. */
function thinned(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  const excess = entries.length - KEPT_ENTRIES;
  if (excess <= 0) return entries;
  const leastFirst = [...entries].sort(
    (a, b) => Number(b.type === 'progress') - Number(a.type === 'progress') || a.seq - b.seq,
  );
  const gone = new Set(leastFirst.slice(0, excess));
  return entries.filter((entry) => !gone.has(entry));
}

/** The kept entries with new ones at the end: numbered, and thinned if there are too many. */
export function appended(
  kept: readonly HistoryEntry[],
  added: readonly Omit<HistoryEntry, 'seq'>[],
): readonly HistoryEntry[] {
  const last = kept.at(-1)?.seq ?? 0;
  return thinned([...kept, ...added.map((entry, at) => ({ ...entry, seq: last + at + 1 }))]);
}
