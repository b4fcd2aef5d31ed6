import type { Redactor } from '../../services/redaction/redactor.js';
import type { Clock } from '../binding/clock.js';
import { followJob } from '../job/history/follow-job.js';
import type { NewHistoryEntry } from '../job/history/history-entries.js';
import type { JobStore } from '../store/job-store.js';
import type { StoredJobHandle } from './stored-handle.js';

/** Entries are written together with others within this time. */
const LATER_MS = 1_000;

/** Records the history of jobs lazily: it never delays a job, and a crash may lose the last entries. */
export interface HistoryWriter {
  follow(handle: StoredJobHandle): void;
  /** Resolves when all entries so far are stored, or could not be. */
  flush(): Promise<void>;
}

/** @param onFailure called if the store fails */
export function createHistoryWriter(
  store: JobStore,
  clock: Clock,
  redactor: Redactor,
  onFailure: (error: unknown) => void,
): HistoryWriter {
  let waiting = new Map<string, NewHistoryEntry[]>();
  let cancel: (() => void) | undefined;
  let writing: Promise<void> = Promise.resolve();

  const write = (): Promise<void> => {
    cancel?.();
    cancel = undefined;
    const batch = waiting;
    waiting = new Map();
    if (batch.size === 0) return writing;
    writing = writing.then(() => store.appendHistory?.(batch)).catch(onFailure);
    return writing;
  };
  const keep = (jobId: string, entry: NewHistoryEntry): void => {
    const entries = waiting.get(jobId) ?? [];
    waiting.set(jobId, [...entries, { ...entry, about: redactor.value(entry.about) }]);
    cancel ??= clock.schedule(clock.now() + LATER_MS, () => void write());
  };

  return {
    follow(handle) {
      if (store.appendHistory === undefined) return;
      followJob(handle, clock, (entry) => keep(handle.id, entry));
      void handle.result().then(write);
    },
    flush: write,
  };
}
