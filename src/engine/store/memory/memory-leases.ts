import {
  type IsGone,
  judgeClaim,
  type Lease,
  type LeaseAnswer,
  type LeaseClaim,
  rememberGone,
  type StoreOwner,
  withTerm,
} from '../lease/job-lease.js';

const endOf = ({ now, ttlMs }: LeaseClaim) => ({ expiresAt: now + ttlMs, ttlMs });

/** Leases in one process. */
export function createMemoryLeases(isGone: IsGone) {
  const held = new Map<string, Omit<Lease, 'expiresAt' | 'ttlMs'>>();
  /** The heartbeat belongs to the owner: it renews all its leases at once. */
  const ends = new Map<string, Pick<Lease, 'expiresAt' | 'ttlMs'>>();
  let lastToken = 0;

  const find = (jobId: string): Lease | undefined => {
    const lease = held.get(jobId);
    return lease && withTerm(lease, ends.get(lease.owner.id) ?? { expiresAt: 0, ttlMs: 0 });
  };
  const all = () => [...held.keys()].sort().flatMap((jobId) => find(jobId) ?? []);
  const stands = (lease: Lease) => held.get(lease.jobId)?.token === lease.token;

  const acquireOne = (jobId: string, claim: LeaseClaim, gone: IsGone): LeaseAnswer => {
    const standing = find(jobId);
    const decision = judgeClaim(standing, claim, gone);
    const end = endOf(claim);
    if (standing && decision === 'refuse') return { acquired: false, holder: standing };
    if (standing && decision === 'keep') return { acquired: true, lease: withTerm(standing, end) };
    lastToken += 1;
    const lease: Lease = { jobId, owner: claim.owner, token: lastToken, ...end };
    held.set(jobId, lease);
    return standing ? { acquired: true, lease, tookOverFrom: standing.owner } : { acquired: true, lease };
  };

  return {
    all,
    of: (jobIds: readonly string[]) => jobIds.flatMap((jobId) => find(jobId) ?? []),
    stands,
    acquire(jobIds: readonly string[], claim: LeaseClaim): readonly LeaseAnswer[] {
      const gone = rememberGone(isGone);
      const answers = jobIds.map((jobId) => acquireOne(jobId, claim, gone));
      ends.set(claim.owner.id, endOf(claim));
      return answers;
    },
    renew(claim: LeaseClaim): readonly Lease[] {
      const { owner } = claim;
      ends.set(owner.id, endOf(claim));
      return all().filter((lease) => lease.owner.id === owner.id);
    },
    release(lease: Lease): void {
      if (stands(lease)) held.delete(lease.jobId);
    },
    releaseOwner({ id }: StoreOwner): boolean {
      for (const { jobId, owner } of held.values()) if (owner.id === id) held.delete(jobId);
      return false;
    },
  };
}

export type MemoryLeases = ReturnType<typeof createMemoryLeases>;
