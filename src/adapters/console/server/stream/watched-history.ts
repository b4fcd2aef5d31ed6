import type { HistoryEntry, LaneSource } from '../../../../engine/job/source/lane-source.js';
import type { ConsoleSource } from '../console-source.js';

const MAX_ENTRIES = 500;

/** For a source without a history: the states of its jobs that were seen since the console started. */
export function watchedHistory(source: LaneSource, now: () => number): NonNullable<ConsoleSource['history']> {
  const entries = new Map<string, HistoryEntry[]>();
  const look = (): void => {
    for (const { id, view } of source.view().jobs) {
      const known = entries.get(id) ?? [];
      const last = known.at(-1);
      if (last?.about.path === view.path) continue;
      const entry: HistoryEntry = {
        seq: (last?.seq ?? 0) + 1,
        at: now(),
        type: 'moved',
        about: { path: view.path },
      };
      entries.set(id, [...known, entry].slice(-MAX_ENTRIES));
    }
  };
  source.subscribe(look);
  look();
  return async (id, { before = Number.POSITIVE_INFINITY } = {}) => ({
    entries: (entries.get(id) ?? []).filter(({ seq }) => seq < before),
  });
}
