import { findStored, oldestFirst, prospectsOf, storedPages } from '../../../engine/durable/index.js';
import type { JobStore, JobSummary } from '../../../engine/store/index.js';
import type { StoreError } from '../../../engine/store/store-error.js';
import type { CommandSession } from './command-session.js';
import type { JobChoice } from './run-jobs.js';

function choiceOf(job: JobSummary, now: number): JobChoice {
  const { id, jobSpecId } = job;
  const { canResume, notes } = prospectsOf(job, now);
  if (canResume) return { id, notes };
  const isTooLate = job.state !== 'failed' && jobSpecId !== undefined;
  return { id, notes: [], passedOver: { notes, ...(isTooLate ? { goneResultOf: jobSpecId } : {}) } };
}

/** An unreadable job may still be alive. */
const unreadable = (id: string, error: StoreError): JobChoice => ({
  id,
  notes: [],
  passedOver: { notes: [`It cannot be read: ${error.message}`, error.advice], isLeftToDo: true },
});

/** All that can be resumed, and those that are skipped (failed, too late, unreadable), so that they can be listed; no completed ones. */
async function allOpen(store: JobStore, now: number): Promise<readonly JobChoice[]> {
  const open: JobSummary[] = [];
  const damaged: JobChoice[] = [];
  for await (const page of storedPages(store)) {
    open.push(...page.jobs.filter((job) => job.state !== 'completed'));
    damaged.push(...page.unreadable.map(({ id, error }) => unreadable(id, error)));
  }
  return [...open.sort(oldestFirst).map((job) => choiceOf(job, now)), ...damaged];
}

/** The requested jobs: each by its id in this store or on the server, or all. */
export async function chooseJobs(
  { store }: Pick<CommandSession, 'store'>,
  ids: readonly string[],
  now: number,
): Promise<readonly JobChoice[]> {
  if (ids.length === 0) return allOpen(store, now);
  const { jobs } = await findStored(store, ids);
  const found = ids.map((id) => {
    const job = jobs.get(id);
    return job === undefined ? { id, notes: [] } : choiceOf(job, now);
  });
  return [...new Map(found.map((job) => [job.id, job])).values()];
}
