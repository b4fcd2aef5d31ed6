import { setImmediate as breathe } from 'node:timers/promises';
import type { JobPage } from '../store/job-pages.js';
import type { JobStore } from '../store/job-store.js';
import type { JobSummary } from '../store/record/job-summary.js';
import type { StoreError } from '../store/store-error.js';

/** Jobs read in one step; then timers, replies and signals are processed. */
const PAGE = 500;

type Pages = Pick<JobStore, 'page'>;

/** All stored jobs without their snapshots, in the order in which they were first stored: a store may hold a hundred thousand. */
export async function* storedPages(store: Pages): AsyncGenerator<JobPage> {
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page: JobPage = await store.page({ first: 'oldest', limit: PAGE, after });
    yield page;
    after = page.next;
    if (after !== undefined) await breathe();
  }
}

/** By creation, as a list of records is. */
export const oldestFirst = (a: JobSummary, b: JobSummary): number =>
  a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);

/** The jobs that were asked for, by the id that was given. */
export interface FoundJobs {
  readonly jobs: ReadonlyMap<string, JobSummary>;
  /** Errors of the unreadable ones. */
  readonly unreadable: ReadonlyMap<string, StoreError>;
}

/** Finds each job by its own id, else the newest of those with this `jobSpecId`. @throws StoreError */
export async function findStored(store: Pages, ids: Iterable<string>): Promise<FoundJobs> {
  const wanted = new Set(ids);
  const byId = new Map<string, JobSummary>();
  const bySpec = new Map<string, JobSummary>();
  const unreadable = new Map<string, StoreError>();
  for await (const page of storedPages(store)) {
    for (const job of page.jobs) {
      if (wanted.has(job.id)) byId.set(job.id, job);
      const { jobSpecId } = job;
      if (jobSpecId === undefined || !wanted.has(jobSpecId)) continue;
      const known = bySpec.get(jobSpecId);
      if (known === undefined || oldestFirst(known, job) < 0) bySpec.set(jobSpecId, job);
    }
    for (const { id, error } of page.unreadable) if (wanted.has(id)) unreadable.set(id, error);
  }
  return { jobs: new Map([...bySpec, ...byId]), unreadable };
}
