import { prospectsOf } from '../stored-jobs/index.js';
import type { Session } from './session.js';

/** The jobs that are meant: all that can be gone on with, or each by this store's name or the server's. */
export async function jobsMeant(
  { jobs }: Session,
  ids: readonly string[],
  now: number,
): Promise<readonly string[]> {
  const records = await jobs.list();
  if (ids.length === 0) return records.filter((job) => prospectsOf(job, now).canResume).map((job) => job.id);
  const nameOf = (id: string): string =>
    records.some((job) => job.id === id) ? id : (records.findLast((job) => job.jobSpecId === id)?.id ?? id);
  return [...new Set(ids.map(nameOf))];
}
