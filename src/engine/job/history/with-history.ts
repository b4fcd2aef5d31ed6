import type { Clock } from '../../binding/clock.js';
import type { ActorJobHandle } from '../job-handle.js';
import type { HistoryEntry, HistoryPage, HistoryQuery } from '../source/lane-source.js';
import { followJob } from './follow-job.js';
import { appended, pageOf } from './history-pages.js';

/** A job that is run by itself, without a lane or a store: its history lives as long as its handle. */
export interface SingleJobHandle extends ActorJobHandle {
  /** What the job did in this process: some hundred entries, without a value, a path or a URL. */
  history(query?: HistoryQuery): Promise<HistoryPage>;
}

export function withHistory(handle: ActorJobHandle, clock: Clock): SingleJobHandle {
  let kept: readonly HistoryEntry[] = [];
  followJob(handle, clock, (entry) => {
    kept = appended(kept, [entry]);
  });
  const history = async (query: HistoryQuery = {}): Promise<HistoryPage> => pageOf(kept, query);
  return Object.assign(handle, { history });
}
