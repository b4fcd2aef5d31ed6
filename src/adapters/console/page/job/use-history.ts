import { useEffect, useState } from 'react';
import type { JobView } from '../../../../engine/job/source/job-view.js';
import type { HistoryEntry, HistoryPage } from '../../../../engine/job/source/lane-source.js';
import { call } from '../live/api.js';

/** The history is stored within a second after an event. */
const WRITTEN_MS = 1_200;

export interface JobHistory {
  /** Oldest first, without duplicates. */
  readonly entries: readonly HistoryEntry[];
  /** It was read at least once. */
  readonly isRead: boolean;
  readonly earlier?: () => void;
}

const merged = (before: readonly HistoryEntry[], more: readonly HistoryEntry[]): readonly HistoryEntry[] => {
  const bySeq = new Map([...before, ...more].map((entry) => [entry.seq, entry]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
};

interface Kept extends Omit<JobHistory, 'earlier'> {
  readonly id: string;
  readonly before?: number;
}

const NOTHING = { entries: [], isRead: false, before: undefined };

/** The stored history of a job, read again whenever the job changes. */
export function useHistory(id: string, view: JobView): JobHistory {
  const [state, setState] = useState<Kept>({ id, entries: [], isRead: false });
  const load = (before?: number): void => {
    const query = before === undefined ? '' : `?before=${before}`;
    call<HistoryPage>('GET', `/api/jobs/${id}/history${query}`).then(
      (page) =>
        setState((known) => {
          const old = known.id === id ? known.entries : [];
          const isFirst = old.length === 0 || before !== undefined;
          const next = isFirst ? page.before : known.before;
          return {
            id,
            isRead: true,
            entries: merged(old, page.entries),
            ...(next === undefined ? {} : { before: next }),
          };
        }),
      () => undefined,
    );
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when the job changes
  useEffect(() => {
    load();
    const timer = setTimeout(load, WRITTEN_MS);
    return () => clearTimeout(timer);
  }, [id, view]);
  const { entries, isRead, before } = state.id === id ? state : NOTHING;
  return { entries, isRead, ...(before === undefined ? {} : { earlier: () => load(before) }) };
}
