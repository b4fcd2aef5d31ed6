import type { HistoryEntry, HistoryPage, HistoryQuery } from '../../job/source/lane-source.js';
import type { HistoryBatch } from '../job-store.js';
import { historyPage, KEPT_ENTRIES, pageLimit } from '../record/history-codec.js';

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

/** The history of jobs in one process. */
export function createMemoryHistory(isStored: (jobId: string) => boolean) {
  const kept = new Map<string, readonly HistoryEntry[]>();
  return {
    append(batch: HistoryBatch): void {
      for (const [jobId, added] of batch) {
        if (!isStored(jobId)) continue;
        const before = kept.get(jobId) ?? [];
        const last = before.at(-1)?.seq ?? 0;
        kept.set(
          jobId,
          thinned([...before, ...added.map((entry, at) => ({ ...entry, seq: last + at + 1 }))]),
        );
      }
    },
    page(jobId: string, query: HistoryQuery): HistoryPage {
      const { before = Number.MAX_SAFE_INTEGER } = query;
      const limit = pageLimit(query);
      const older = (kept.get(jobId) ?? []).filter(({ seq }) => seq < before);
      return historyPage([...older].reverse().slice(0, limit + 1), limit);
    },
    remove: (jobId: string): void => void kept.delete(jobId),
  };
}
