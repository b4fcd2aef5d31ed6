import type { LaneJob, StoredJobRow } from '../../../../engine/job/source/lane-source.js';
import type { JobRow, UploadedFile } from '../../wire/row.js';
import type { ConsoleSource } from '../console-source.js';
import { publicView } from '../public-view.js';

export interface LiveRows {
  readonly all: () => readonly JobRow[];
  readonly get: (id: string) => JobRow | undefined;
  /** Reads anew what the store holds besides; rows of which nothing is new stay the same. */
  readonly readStore: () => Promise<void>;
  readonly drop: (id: string) => void;
  readonly close: () => void;
}

export interface LiveRowsOptions {
  readonly source: ConsoleSource;
  readonly now: () => number;
  /** The uploads that files of a job came from, by their paths. */
  readonly uploadsOf: (paths: readonly string[]) => readonly UploadedFile[];
  readonly onRow: (row: JobRow) => void;
  readonly onGone: (id: string) => void;
}

/** A job is told at most so often; its latest state wins. */
const PAUSE_MS = 250;
const MAX_STORED = 1_000;

const storedView = ({ state, jobSpecId, workflowId }: StoredJobRow): JobRow['view'] => ({
  state,
  path: state,
  tags: [],
  files: [],
  retention: {},
  ...(jobSpecId === undefined ? {} : { jobSpecId }),
  ...(workflowId === undefined ? {} : { workflowId }),
});

/** The jobs of the source as rows, each told when it changes and no more than four times a second. */
export function createLiveRows({ source, now, uploadsOf, onRow, onGone }: LiveRowsOptions): LiveRows {
  const rows = new Map<string, JobRow>();
  const seen = new Map<string, LaneJob>();
  const toldAt = new Map<string, number>();
  const due = new Map<string, ReturnType<typeof setTimeout>>();

  const tell = (id: string): void => {
    due.delete(id);
    toldAt.set(id, now());
    const row = rows.get(id);
    if (row !== undefined) onRow(row);
  };
  const tellSoon = (id: string): void => {
    if (due.has(id)) return;
    const pause = (toldAt.get(id) ?? Number.NEGATIVE_INFINITY) + PAUSE_MS - now();
    if (pause <= 0) tell(id);
    if (pause <= 0) return;
    due.set(
      id,
      setTimeout(() => tell(id), Math.min(pause, PAUSE_MS)),
    );
  };
  const put = (row: JobRow): void => {
    rows.set(row.id, row);
    tellSoon(row.id);
  };
  const drop = (id: string): void => {
    clearTimeout(due.get(id));
    due.delete(id);
    toldAt.delete(id);
    seen.delete(id);
    if (rows.delete(id)) onGone(id);
  };

  const readLane = (): void => {
    for (const job of source.view().jobs) {
      if (seen.get(job.id) === job) continue;
      seen.set(job.id, job);
      const before = rows.get(job.id);
      const uploads = uploadsOf(job.view.files.map(({ handle }) => handle));
      put({
        id: job.id,
        view: publicView(job.view),
        createdAt: before?.createdAt ?? now(),
        changedAt: now(),
        ...(uploads.length === 0 ? {} : { uploads }),
      });
    }
  };
  const stop = source.subscribe(readLane);
  readLane();

  return {
    all: () => [...rows.values()],
    get: (id) => rows.get(id),
    drop,
    async readStore() {
      const page = (await source.stored?.({ limit: MAX_STORED })) ?? { jobs: [] };
      for (const stored of page.jobs) {
        const before = rows.get(stored.id);
        if (seen.has(stored.id)) {
          if (before !== undefined && before.createdAt !== stored.createdAt)
            put({ ...before, createdAt: stored.createdAt });
          continue;
        }
        if (before?.view.state === stored.state && before.view.jobSpecId === stored.jobSpecId) continue;
        const { id, createdAt } = stored;
        put({ id, view: storedView(stored), createdAt, changedAt: now(), isStored: true });
      }
      const kept = new Set(page.jobs.map(({ id }) => id));
      for (const row of [...rows.values()]) if (row.isStored && !kept.has(row.id)) drop(row.id);
    },
    close() {
      stop();
      for (const timer of due.values()) clearTimeout(timer);
    },
  };
}
