import type { Redactor } from '../../services/redaction/redactor.js';
import type { Clock } from '../binding/clock.js';
import type { Position } from '../interpreter/position.js';
import { followJob } from '../job/history/follow-job.js';
import type { NewHistoryEntry } from '../job/history/history-entries.js';
import type { ActorJobHandle } from '../job/job-handle.js';
import type { JobStore } from '../store/job-store.js';
import { TimeSlice } from './time-slice.js';

/** Entries are written together with others within this time, or when the history is read. */
const LATER_MS = 1_000;

/** Records the history of jobs lazily: it never delays a job, and a crash may lose the last entries. */
export interface HistoryWriter {
  /**
   * Returns what records a change that the actor of the job does not show.
   * @param ended resolves once the end of the job is stored
   * @param isResumed the store may already hold the entry for the state in which the job continues
   */
  follow(job: ActorJobHandle, ended: Promise<unknown>, isResumed: boolean): (position: Position) => void;
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
  const slice = new TimeSlice(AT_ONCE);

  const append = async (batch: ReadonlyMap<string, NewHistoryEntry[]>): Promise<void> => {
    slice.resume();
    let part = new Map<string, NewHistoryEntry[]>();
    for (const [jobId, entries] of batch) {
      const pause = slice.pause();
      if (pause !== undefined) {
        if (part.size > 0) await store.appendHistory?.(part);
        part = new Map();
        await pause;
      }
      if (resumed.delete(jobId)) await dropRepeated(store, jobId, entries);
      part.set(jobId, entries);
    }
    await store.appendHistory?.(part);
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
    follow(job, ended, isResumed) {
      if (store.appendHistory === undefined) return () => undefined;
      if (isResumed) resumed.add(job.id);
      void ended.then(write);
      return followJob(job, clock, (entry) => keep(job.id, entry));
    },
    flush: write,
  };
}
