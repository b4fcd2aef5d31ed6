import type { JobRecord } from '../store/job-record.js';
import { prospectsOf } from '../stored-jobs/index.js';
import type { JobMeant } from './job-runner.js';
import type { Session } from './session.js';

const isOver = ({ state }: JobRecord): boolean => state === 'completed' || state === 'failed';

function meant(job: JobRecord, now: number): JobMeant {
  const { id, jobSpecId } = job;
  const { canResume, notes } = prospectsOf(job, now);
  if (canResume) return { id, notes };
  // Whoever refuses to go on with it says so in the same words.
  if (isOver(job)) return { id, notes: [] };
  return { id, notes: [], tooLate: { notes, ...(jobSpecId === undefined ? {} : { jobSpecId }) } };
}

/**
 * The jobs that are meant: each by this store's name or the server's, or all that can be gone on with. Among all are those for which
 * it is too late, so that they can be named.
 */
export async function jobsMeant(
  { jobs }: Session,
  ids: readonly string[],
  now: number,
): Promise<readonly JobMeant[]> {
  const records = await jobs.list();
  if (ids.length === 0) {
    return records.filter((job) => !isOver(job)).map((job) => meant(job, now));
  }
  const find = (id: string): JobRecord | undefined =>
    records.find((job) => job.id === id) ?? records.findLast((job) => job.jobSpecId === id);
  const found = ids.map((id) => {
    const job = find(id);
    return job === undefined ? { id, notes: [] } : meant(job, now);
  });
  return [...new Map(found.map((job) => [job.id, job])).values()];
}
