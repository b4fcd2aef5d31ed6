import { advanceJob } from './job-lifecycle.js';
import { statusView } from './job-views.js';
import type { KeyRecord, RemoteJob } from './world.js';

const KEPT = 6;

/** Stores the current status before the job advances, because a lagging server would still return it. */
export function rememberPast(job: RemoteJob, now: number): void {
  job.past.push(statusView(job, now, true));
  if (job.past.length > KEPT) job.past.shift();
}

/** Advances a job to `now`. */
export const bringUpToDate = (job: RemoteJob, now: number): void => advanceJob(job, now, rememberPast);

/** The number of a key's jobs that are running at `now`. */
export function runningJobs(key: KeyRecord, now: number): number {
  for (const job of key.running) bringUpToDate(job, now);
  return key.running.size;
}
