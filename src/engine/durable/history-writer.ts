import { setImmediate as breathe } from 'node:timers/promises';
import type { Redactor } from '../../services/redaction/redactor.js';
import type { Clock } from '../binding/clock.js';
import { followJob } from '../job/history/follow-job.js';
import type { NewHistoryEntry } from '../job/history/history-entries.js';
import type { JobStore } from '../store/job-store.js';
import type { StoredJobHandle } from './stored-handle.js';

/** Entries are written together with others within this time, or when the history is read. */
const LATER_MS = 1_000;

/** Records the history of jobs lazily: it never delays a job, and a crash may lose the last entries. */
export interface HistoryWriter {
  /** @param isResumed the store may already hold the entry for the state in which the job continues */
  follow(handle: StoredJobHandle, isResumed: boolean): void;
  /** Resolves when all entries so far are stored, or could not be. */
  flush(): Promise<void>;
}

/** Jobs whose entries are written in one turn: thousands that are resumed together would block the event loop. */
const AT_ONCE = 64;

/** Progress may follow the newest change of state. */
const RECENT = 50;

/** A resumed job continues in the state in which it was stored: that is not a second change of state. */
async function dropRepeated(store: JobStore, jobId: string, entries: NewHistoryEntry[]): Promise<void> {
  const page = await store.history?.(jobId, { limit: RECENT });
  const last = page?.entries.findLast(({ type }) => type === 'moved');
  const [first] = entries;
  if (first?.type === 'moved' && first.about.path === last?.about.path) entries.shift();
}

/** @param onFailure called if the store fails */
export function createHistoryWriter(
  store: JobStore,
  clock: Clock,
  redactor: Redactor,
  onFailure: (error: unknown) => void,
): HistoryWriter {
  let waiting = new Map<string, NewHistoryEntry[]>();
  /** Resumed jobs of which nothing was written yet. */
  const resumed = new Set<string>();
  let cancel: (() => void) | undefined;
  let writing: Promise<void> = Promise.resolve();
  /** The write that has not begun: it takes along what comes until then. */
  let next: Promise<void> | undefined;
  /** Jobs written since the last pause. */
  let written = 0;

  const append = async (batch: ReadonlyMap<string, NewHistoryEntry[]>): Promise<void> => {
    const jobs = [...batch];
    for (let at = 0; at < jobs.length; at += AT_ONCE) {
      const slice = jobs.slice(at, at + AT_ONCE);
      written += slice.length;
      if (written > AT_ONCE) {
        await breathe();
        written = slice.length;
      }
      for (const [jobId, entries] of slice)
        if (resumed.delete(jobId)) await dropRepeated(store, jobId, entries);
      await store.appendHistory?.(new Map(slice));
    }
  };
  const writeWaiting = (): Promise<void> => {
    next = undefined;
    const batch = waiting;
    waiting = new Map();
    return append(batch);
  };
  const write = (): Promise<void> => {
    cancel?.();
    cancel = undefined;
    if (waiting.size === 0) return writing;
    next ??= writing.then(writeWaiting).catch(onFailure);
    writing = next;
    return next;
  };
  const keep = (jobId: string, entry: NewHistoryEntry): void => {
    const entries = waiting.get(jobId) ?? [];
    waiting.set(jobId, [...entries, { ...entry, about: redactor.value(entry.about) }]);
    cancel ??= clock.schedule(clock.now() + LATER_MS, () => void write());
  };

  return {
    follow(handle, isResumed) {
      if (store.appendHistory === undefined) return;
      if (isResumed) resumed.add(handle.id);
      followJob(handle, clock, (entry) => keep(handle.id, entry));
      void handle.result().then(write);
    },
    flush: write,
  };
}
