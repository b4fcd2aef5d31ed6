import type { JobRecord } from '../store/job-record.js';
import { prospectsOf } from '../stored-jobs/index.js';
import type { JobMeant } from './job-runner.js';
import type { Session } from './session.js';

const meant = (job: JobRecord, now: number): JobMeant => ({ id: job.id, notes: prospectsOf(job, now).notes });

/** The jobs that are meant: all that can be gone on with, or each by this store's name or the server's. */
export async function jobsMeant(
  { jobs }: Session,
  ids: readonly string[],
  now: number,
): Promise<readonly JobMeant[]> {
  const records = await jobs.list();
  if (ids.length === 0) {
    return records.filter((job) => prospectsOf(job, now).canResume).map((job) => meant(job, now));
  }
  const find = (id: string): JobRecord | undefined =>
    records.find((job) => job.id === id) ?? records.findLast((job) => job.jobSpecId === id);
  const found = ids.map((id) => {
    const job = find(id);
    return job === undefined ? { id, notes: [] } : meant(job, now);
  });
  return [...new Map(found.map((job) => [job.id, job])).values()];
}
