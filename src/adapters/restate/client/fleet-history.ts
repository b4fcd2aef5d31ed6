import { entryOfEvent } from '../../../engine/durable/history-entries.js';
import type { HistoryPage, HistoryQuery } from '../../../engine/job/source/lane-source.js';
import { historyPage, pageLimit } from '../../../engine/store/record/history-codec.js';
import type { NumberedEvent } from '../messages.js';

/**
 * A page of the events that the engine keeps of a job, in the format of a store: allow-listed fields, without values, paths and
 * URLs.
 */
export function fleetHistory(events: readonly NumberedEvent[], query: HistoryQuery): HistoryPage {
  const { before = Number.MAX_SAFE_INTEGER } = query;
  const limit = pageLimit(query);
  const entries = events.flatMap((event) => {
    const entry = event.seq < before ? entryOfEvent(event) : undefined;
    return entry === undefined ? [] : [{ ...entry, seq: event.seq }];
  });
  return historyPage(entries.reverse().slice(0, limit + 1), limit);
}
