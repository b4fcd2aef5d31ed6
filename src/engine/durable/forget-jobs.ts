import type { JobStore } from '../store/job-store.js';
import { currentOwner } from '../store/lease/process-liveness.js';
import type { JobRecord } from '../store/record/job-record.js';
import { TimeSlice } from './time-slice.js';

/** Long enough for some writes, because this owner sends no heartbeats. */
const LEASE_MS = 30_000;
/** Jobs whose leases are taken in one step. */
const TOGETHER = 200;

/** The result of removing jobs from a store. */
export interface Forgotten {
  readonly removed: readonly string[];
  /** Not found, driven by a process, or refused by the caller. */
  readonly left: readonly string[];
}

/**
 * Removes jobs from a store under their leases; on the server nothing is deleted.
 * @param may decides on the record as stored at that moment
 * @throws StoreError
 */
export async function forgetJobs(
  store: JobStore,
  ids: readonly string[],
  may: (record: JobRecord) => boolean,
): Promise<Forgotten> {
  const owner = currentOwner();
  const removed: string[] = [];
  const left: string[] = [];
  const pauses = new TimeSlice();
  try {
    for (let at = 0; at < ids.length; at += TOGETHER) {
      const slice = ids.slice(at, at + TOGETHER);
      const answers = await store.acquireLeases(slice, { owner, ttlMs: LEASE_MS, now: Date.now() });
      for (const [index, id] of slice.entries()) {
        await pauses.pause();
        const answer = answers[index];
        if (answer?.acquired !== true) {
          left.push(id);
          continue;
        }
        const record = await store.load(id);
        if (record !== undefined && may(record) && (await store.remove(answer.lease))) removed.push(id);
        else left.push(id);
      }
    }
  } finally {
    await store.releaseOwner(owner);
  }
  return { removed, left };
}
