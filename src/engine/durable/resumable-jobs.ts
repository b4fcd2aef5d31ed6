import { setImmediate as breathe } from 'node:timers/promises';
import type { JobStore } from '../store/job-store.js';
import type { JobSummary } from '../store/record/job-summary.js';
import { prospectsOf } from './retention.js';
import { oldestFirst, storedPages } from './stored-pages.js';

/** The stored jobs that can be resumed at a time (epoch ms), oldest first; read page by page, without their snapshots. */
export async function resumableJobs(store: JobStore, now: number): Promise<readonly JobSummary[]> {
  const found: JobSummary[] = [];
  for await (const { jobs } of storedPages(store))
    for (const job of jobs) if (prospectsOf(job, now).canResume) found.push(job);
  return found.sort(oldestFirst);
}

/**
 * Jobs detached in one part: they share a transaction. Few, because while the garbage collector marks, each allocation costs a
 * hundred times as much.
 */
export const DETACHED_AT_ONCE = 16;

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
