import type { JobView } from '../../../../engine/job/source/job-view.js';
import type { LaneJob, StoredJobRow } from '../../../../engine/job/source/lane-source.js';
import { publicView } from '../../../../engine/job/view/public-view.js';
import { defined } from '../../../../services/defined.js';
import type { JobRow, UploadedFile } from '../../wire/row.js';
import type { ConsoleSource } from '../console-source.js';
import { createPacedRows, type PacedRows } from './paced-rows.js';
import { summaryView } from './summary-view.js';

export interface LiveRows {
  readonly all: () => readonly JobRow[];
  readonly get: (id: string) => JobRow | undefined;
  /** The same, and for a job that was never listed, the row of the store. */
  readonly find: (id: string) => Promise<JobRow | undefined>;
  /** Reads the store again; unchanged rows stay the same. */
  readonly readStore: () => Promise<void>;
  readonly drop: (id: string) => void;
  readonly close: () => void;
}

export interface LiveRowsOptions {
  readonly source: ConsoleSource;
  readonly now: () => number;
  /** The uploads behind the paths of a job's files. */
  readonly uploadsOf: (paths: readonly string[]) => readonly UploadedFile[];
  readonly onRow: (row: JobRow) => void;
  readonly onGone: (id: string) => void;
}

/** The number of stored jobs to list, newest first. */
const MAX_STORED = 1_000;

const isOurs = ({ driver }: StoredJobRow): boolean =>
  driver?.pid === process.pid && driver.machine === undefined;
/** A question of a job in another process is answered there. */
function withoutNeeds(view: JobView): JobView {
  const { needs, request, decision, ...facts } = view;
  return facts;
}

/** The shown parts of a stored job: if they differ, the row has changed. */
const signatureOf = ({ state, updatedAt, jobSpecId, driver }: StoredJobRow): string =>
  JSON.stringify([state, updatedAt, jobSpecId, driver]);

/** What is known of the jobs. */
interface Known extends Pick<LiveRowsOptions, 'source' | 'now' | 'uploadsOf'> {
  readonly paced: PacedRows;
  /** Jobs of the source, as last seen. */
  readonly seen: Map<string, LaneJob>;
  /** Stored jobs, by their last signature. */
  readonly stored: Map<string, string>;
}

function rowOf({ uploadsOf, now }: Known, { id, view }: LaneJob, createdAt: number): JobRow {
  const uploads = uploadsOf(view.files.map(({ handle }) => handle));
  const base = { id, view: publicView(view), createdAt, changedAt: now() };
  return uploads.length === 0 ? base : { ...base, uploads };
}

function readLane(known: Known): void {
  const { source, paced, seen, stored, now } = known;
  const { jobs } = source.view();
  const present = new Set(jobs.map(({ id }) => id));
  // A job that the source no longer has ended or was deleted; the store knows which.
  for (const id of seen.keys()) {
    const row = paced.get(id);
    if (present.has(id) || row === undefined) continue;
    seen.delete(id);
    paced.put({ ...row, isStored: true });
  }
  for (const job of jobs) {
    if (seen.get(job.id) === job) continue;
    seen.set(job.id, job);
    stored.delete(job.id);
    paced.put(rowOf(known, job, paced.get(job.id)?.createdAt ?? now()));
  }
}

/** A job that was detached here and continued elsewhere belongs to the other process. */
const isElsewhere = ({ seen, paced }: Known, row: StoredJobRow): boolean =>
  !seen.has(row.id) ||
  (paced.get(row.id)?.view.state === 'detached' && row.state !== 'detached' && !isOurs(row));

function showStored(known: Known, row: StoredJobRow, view: JobView): void {
  const { id, createdAt } = row;
  const driver = isOurs(row) ? undefined : row.driver;
  const shown = { id, view: withoutNeeds(view) };
  known.paced.put({ ...rowOf(known, shown, createdAt), isStored: true, ...defined({ driver }) });
}

/** Reads stored jobs one by one: the list is shown before all of them are read. */
function createDetailReader(known: Known) {
  const { source, stored } = known;
  const unread = new Map<string, StoredJobRow>();
  let isReading = false;
  return {
    add: (row: StoredJobRow) => void unread.set(row.id, row),
    async read(): Promise<void> {
      if (isReading) return;
      isReading = true;
      for (const [id, row] of unread) {
        unread.delete(id);
        const kept = await source.look?.(id).catch(() => undefined);
        // Meanwhile this process may drive it.
        if (stored.get(id) === signatureOf(row)) showStored(known, row, kept?.view ?? summaryView(row));
      }
      isReading = false;
    },
  };
}

function drop({ seen, stored, paced }: Known, id: string): void {
  seen.delete(id);
  stored.delete(id);
  paced.drop(id);
}

async function readStore(known: Known, details: ReturnType<typeof createDetailReader>): Promise<void> {
  const { source, paced, stored } = known;
  const page = (await source.stored?.({ limit: MAX_STORED })) ?? { jobs: [] };
  for (const row of page.jobs) {
    const { id, createdAt } = row;
    const before = paced.get(id);
    if (!isElsewhere(known, row)) {
      if (before !== undefined && before.createdAt !== createdAt) paced.put({ ...before, createdAt });
      continue;
    }
    if (stored.get(id) === signatureOf(row)) continue;
    stored.set(id, signatureOf(row));
    if (before === undefined) showStored(known, row, summaryView(row));
    details.add(row);
  }
  void details.read();
  const kept = new Set(page.jobs.map(({ id }) => id));
  for (const row of paced.all()) if (row.isStored && !kept.has(row.id)) drop(known, row.id);
}

/** The jobs of the source as rows, and those that are only stored. Reports each change, at most four times a second for each job. */
export function createLiveRows({ source, now, uploadsOf, onRow, onGone }: LiveRowsOptions): LiveRows {
  const paced = createPacedRows({ now, onRow, onGone });
  const known: Known = { source, now, uploadsOf, paced, seen: new Map(), stored: new Map() };
  const details = createDetailReader(known);
  const stop = source.subscribe(() => readLane(known));
  readLane(known);
  return {
    all: paced.all,
    get: paced.get,
    drop: (id) => drop(known, id),
    readStore: () => readStore(known, details),
    async find(id) {
      const row = paced.get(id);
      if (row !== undefined) return row;
      const kept = await source.look?.(id);
      if (kept === undefined) return undefined;
      return { ...rowOf(known, { id, view: withoutNeeds(kept.view) }, kept.createdAt), isStored: true };
    },
    close() {
      stop();
      paced.close();
    },
  };
}
