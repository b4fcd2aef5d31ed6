import { setImmediate as breathe } from 'node:timers/promises';
import { defined } from '../../services/defined.js';
import type { JobStore } from '../store/job-store.js';
import type { JobSummary } from '../store/record/job-summary.js';
import { prospectsOf } from './retention.js';
import { storedPages } from './stored-pages.js';

/** What is kept of each stored job while all are read: a hundred thousand whole summaries are as many megabytes. */
export type ResumableJob = Pick<JobSummary, 'id' | 'jobSpecId' | 'state' | 'queue' | 'createdAt'>;

const inShort = ({ id, jobSpecId, state, queue, createdAt }: JobSummary): ResumableJob => ({
  id,
  state,
  createdAt,
  ...defined({ jobSpecId, queue }),
});

/** The stored jobs that can be resumed at a time (epoch ms), oldest first; read page by page, without their snapshots. */
export async function resumableJobs(store: JobStore, now: number): Promise<readonly ResumableJob[]> {
  const found: ResumableJob[] = [];
  for await (const { jobs } of storedPages(store))
    for (const job of jobs) if (prospectsOf(job, now).canResume) found.push(inShort(job));
  // Pages come in the order in which jobs were first stored, so there is next to nothing to sort; equal times stay in it.
  return found.sort((a, b) => a.createdAt - b.createdAt);
}

/** Processes many items in parts. Between two parts, timers, replies and the heartbeat of leases are processed. */
export async function inParts<Item>(
  items: readonly Item[],
  size: number,
  work: (part: readonly Item[]) => Promise<unknown>,
): Promise<void> {
  for (let at = 0; at < items.length; at += size) {
    if (at > 0) await breathe();
    await work(items.slice(at, at + size));
  }
}

/** Jobs detached in one part, which share a transaction. */
const MOST_AT_ONCE = 32;
const LEAST_AT_ONCE = 4;
/** A part that took longer, in ms, is followed by one of half as many: the garbage collector is marking. */
const LONG_MS = 25;

/** A part is not waited for longer, in ms: a job whose create is in flight waits for its reply. */
const PART_MS = 250;

/** Whether jobs have ended within a time, in ms. */
async function haveEnded(ends: readonly Promise<unknown>[], withinMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, withinMs, false).unref();
  });
  try {
    return await Promise.race([Promise.all(ends).then(() => true), tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

/** Detaches many jobs in parts, between which others have their turn. */
export async function detachAll(jobs: readonly { detach(): Promise<unknown> }[]): Promise<void> {
  // Of a hundred thousand promises that are settled already, the reactions would all run in one turn.
  const late: Promise<unknown>[] = [];
  let size = MOST_AT_ONCE;
  for (let at = 0; at < jobs.length; ) {
    if (at > 0) await breathe();
    const began = performance.now();
    const part = jobs.slice(at, at + size).map((job) => job.detach());
    if (!(await haveEnded(part, PART_MS))) late.push(...part);
    at += part.length;
    const isLong = performance.now() - began > LONG_MS;
    size = isLong ? Math.max(LEAST_AT_ONCE, size / 2) : Math.min(MOST_AT_ONCE, size * 2);
  }
  await Promise.all(late);
}
