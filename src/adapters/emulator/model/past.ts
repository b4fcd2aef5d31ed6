import { advanceJob } from './job-lifecycle.js';
import { statusView } from './job-views.js';
import type { KeyRecord, RemoteJob } from './world.js';

const KEPT = 6;

/** Keeps what a status read says now, before the job moves on: a server that lags behind would still say it. */
export function rememberPast(job: RemoteJob, now: number): void {
  job.past.push(statusView(job, now, true));
  if (job.past.length > KEPT) job.past.shift();
}

/** Brings a job to where it is at `now`. */
export const bringUpToDate = (job: RemoteJob, now: number): void => advanceJob(job, now, rememberPast);

/** The number of a key's jobs that run at `now`. */
export function runningJobs(key: KeyRecord, now: number): number {
  for (const job of key.running) bringUpToDate(job, now);
  return key.running.size;
}
