import { setImmediate as breathe } from 'node:timers/promises';
import type { JobStore } from '../store/job-store.js';
import type { JobSummary } from '../store/record/job-summary.js';
import { prospectsOf } from './retention.js';

/** Jobs read in one step; then timers and replies are processed. */
const PAGE = 500;

/** The stored jobs that can be resumed at a time (epoch ms), oldest first; read page by page, without their snapshots. */
export async function resumableJobs(store: JobStore, now: number): Promise<readonly JobSummary[]> {
  const found: JobSummary[] = [];
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page: Awaited<ReturnType<JobStore['page']>> = await store.page({
      first: 'oldest',
      limit: PAGE,
      after,
    });
    for (const job of page.jobs) if (prospectsOf(job, now).canResume) found.push(job);
    after = page.next;
    if (after !== undefined) await breathe();
  }
  return found.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}

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
