import { type JobPage, PAGE_LIMIT, type PagedJob, type PageQuery } from '../job-pages.js';
import type { JobFilter, JobListing } from '../job-store.js';
import { isStoreError, StoreError } from '../store-error.js';
import type { JobRecord } from './job-record.js';
import type { JobSummary } from './job-summary.js';

/** Rules and errors that all stores share. */

export function leaseLost(jobId: string): StoreError {
  return new StoreError(
    'lease-lost',
    `Job ${jobId} has another owner now; what this one knows of it was not written.`,
  );
}

export function newerRecord(jobId: string): StoreError {
  return new StoreError(
    'newer-version',
    `Job ${jobId} was stored by a newer goal-lane; its record was left as it is.`,
  );
}

export function damagedRecord(jobId: string, cause?: unknown): StoreError {
  return new StoreError('corrupt', `The stored job ${jobId} is damaged.`, {
    cause,
    advice:
      'The other jobs of the store are not affected; a job that is alive on the server can still be attached to.',
  });
}

/** Reads stored records in order; unreadable ones are listed separately. */
export function listRecords(
  stored: Iterable<{ readonly id: string; readonly read: () => JobRecord }>,
  filter: JobFilter,
): JobListing {
  const records: JobRecord[] = [];
  const unreadable: { id: string; error: StoreError }[] = [];
  for (const { id, read } of stored) {
    try {
      const record = read();
      if (passes(record, filter)) records.push(record);
    } catch (error) {
      if (!isStoreError(error)) throw error;
      unreadable.push({ id, error });
    }
  }
  return { records, unreadable };
}

function passes(record: JobRecord, { states, jobSpecId, workflowId }: JobFilter): boolean {
  return (
    (states === undefined || states.includes(record.state)) &&
    (jobSpecId === undefined || record.jobSpecId === jobSpecId) &&
    (workflowId === undefined || record.workflowId === workflowId)
  );
}

/** Reads the jobs of a page from its rows, and one more if there is one. The filter uses the records themselves, not the columns, which may be damaged. */
export function pageOf(found: readonly PagedJob[], { states, limit = PAGE_LIMIT }: PageQuery): JobPage {
  const jobs: JobSummary[] = [];
  const unreadable: { id: string; error: StoreError }[] = [];
  const rows = found.slice(0, limit);
  for (const { id, read } of rows) {
    try {
      const job = read();
      if (states === undefined || states.includes(job.state)) jobs.push(job);
    } catch (error) {
      if (!isStoreError(error)) throw error;
      unreadable.push({ id, error });
    }
  }
  const last = found.length > limit ? rows.at(-1) : undefined;
  return { jobs, unreadable, ...(last === undefined ? {} : { next: String(last.place) }) };
}
