import { appended, pageOf } from '../../job/history/history-pages.js';
import type { HistoryEntry, HistoryPage, HistoryQuery } from '../../job/source/lane-source.js';
import type { HistoryBatch } from '../job-store.js';

/** The history of jobs in one process. */
export function createMemoryHistory(isStored: (jobId: string) => boolean) {
  const kept = new Map<string, readonly HistoryEntry[]>();
  return {
    append(batch: HistoryBatch): void {
      for (const [jobId, added] of batch)
        if (isStored(jobId)) kept.set(jobId, appended(kept.get(jobId) ?? [], added));
    },
    page: (jobId: string, query: HistoryQuery): HistoryPage => pageOf(kept.get(jobId) ?? [], query),
    remove: (jobId: string): void => void kept.delete(jobId),
  };
}
