import { entryOfEvent } from '../../../engine/job/history/history-entries.js';
import { pageOf } from '../../../engine/job/history/history-pages.js';
import type { HistoryEntry, HistoryPage, HistoryQuery } from '../../../engine/job/source/lane-source.js';
import type { NumberedEvent, NumberedMove } from '../messages.js';

interface Happened {
  readonly events: readonly NumberedEvent[];
  readonly moves: readonly NumberedMove[];
}

/**
 * A page of the events and changes of state that the engine keeps of a job, on an allow-list: without a value, a path of a file
 * or a URL.
 */
export function fleetHistory({ events, moves }: Happened, query: HistoryQuery): HistoryPage {
  const reported = events.flatMap((event): HistoryEntry[] => {
    const entry = entryOfEvent(event);
    return entry === undefined ? [] : [{ ...entry, seq: event.seq }];
  });
  const moved = moves.map(([seq, at, path]): HistoryEntry => ({ seq, at, type: 'moved', about: { path } }));
  return pageOf(
    [...reported, ...moved].sort((a, b) => a.seq - b.seq),
    query,
  );
}
