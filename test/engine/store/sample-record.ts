import type { JobStore } from '../../../src/engine/store/job-store.js';
import type { Lease, LeaseClaim, StoreOwner } from '../../../src/engine/store/lease/job-lease.js';
import { type JobRecord, RECORD_VERSION } from '../../../src/engine/store/record/job-record.js';

export const NOW = 1_774_864_800_000;
export const TTL_MS = 30_000;

export function sampleRecord(id: string, changes: Partial<JobRecord> = {}): JobRecord {
  return {
    schemaVersion: RECORD_VERSION,
    id,
    jobSpecId: `spec-${id}`,
    workflowId: 'goal_lane.cover_letter',
    state: 'executing',
    tags: ['in-flight'],
    step: 'generating_output',
    progress: 45,
    createdAt: NOW,
    updatedAt: NOW,
    input: { workflowId: 'goal_lane.cover_letter', files: ['/home/ada/resume.pdf'] },
    snapshot: {
      status: 'active',
      value: { executing: 'reading' },
      context: { itemVersion: 2, lastStatusAt: NOW },
    },
    files: [{ path: '/home/ada/resume.pdf', bytes: 48_213, mtimeMs: NOW - 60_000, sha256: 'ab'.repeat(32) }],
    retention: { filesExpireAt: NOW + 86_400_000 },
    ...changes,
  };
}

export function sampleOwner(id: string): StoreOwner {
  return { id, pid: 4_711, host: 'here', startedAt: '1' };
}

export function claimOf(ownerId: string, now = NOW): LeaseClaim {
  return { owner: sampleOwner(ownerId), now, ttlMs: TTL_MS };
}

/** The claim of one who has watched every lease of the store for as long as it lasts, and saw no heartbeat. */
export async function claimAfterSilence(store: JobStore, ownerId: string, now = NOW): Promise<LeaseClaim> {
  const silent = new Map((await store.leases()).map(({ owner, expiresAt }) => [owner.id, expiresAt]));
  return { ...claimOf(ownerId, now), silent };
}

/** Fails where the job is not free. */
export async function leaseOf(
  store: JobStore,
  jobId: string,
  claim: LeaseClaim = claimOf('a'),
): Promise<Lease> {
  const answer = await store.acquireLease(jobId, claim);
  if (!answer.acquired) throw new Error(`${jobId} is held by ${answer.holder.owner.id}`);
  return answer.lease;
}
