import { entryOfEvent } from '../../../engine/job/history/history-entries.js';
import { pageOf } from '../../../engine/job/history/history-pages.js';
import type { HistoryPage, HistoryQuery } from '../../../engine/job/source/lane-source.js';
import type { NumberedEvent } from '../messages.js';

/** A page of the events that the engine keeps of a job, on an allow-list: without a value, a path or a URL. */
export function fleetHistory(events: readonly NumberedEvent[], query: HistoryQuery): HistoryPage {
  const entries = events.flatMap((event) => {
    const entry = entryOfEvent(event);
    return entry === undefined ? [] : [{ ...entry, seq: event.seq }];
  });
  return pageOf(entries, query);
}
