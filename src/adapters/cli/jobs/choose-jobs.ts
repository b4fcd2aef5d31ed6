import { prospectsOf } from '../../../engine/durable/index.js';
import type { JobRecord } from '../../../engine/store/record/job-record.js';
import type { StoreError } from '../../../engine/store/store-error.js';
import type { CommandSession } from './command-session.js';
import type { JobChoice } from './run-jobs.js';

function choiceOf(job: JobRecord, now: number): JobChoice {
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

/**
 * The requested jobs: each by its id in this store or on the server, or all that can be resumed. For all, those that are skipped
 * (failed, too late, unreadable) are included, so that they can be listed; completed ones are not.
 */
export async function chooseJobs(
  { jobs }: CommandSession,
  ids: readonly string[],
  now: number,
): Promise<readonly JobChoice[]> {
  const { records, unreadable: damaged } = await jobs.listing();
  if (ids.length === 0) {
    const open = records.filter((job) => job.state !== 'completed').map((job) => choiceOf(job, now));
    return [...open, ...damaged.map(({ id, error }) => unreadable(id, error))];
  }
  const find = (id: string): JobRecord | undefined =>
    records.find((job) => job.id === id) ?? records.findLast((job) => job.jobSpecId === id);
  const found = ids.map((id) => {
    const job = find(id);
    return job === undefined ? { id, notes: [] } : choiceOf(job, now);
  });
  return [...new Map(found.map((job) => [job.id, job])).values()];
}
