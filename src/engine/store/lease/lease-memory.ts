import type { Lease, LeaseAnswer, StoreOwner } from './job-lease.js';

/** The leases that a store granted, for times when it cannot be asked. */
export interface LeaseMemory {
  learn(answers: readonly LeaseAnswer[]): void;
  /** Replaces the leases of an owner. */
  replace(owner: StoreOwner, leases: readonly Lease[]): readonly Lease[];
  forget(lease: Lease): void;
  of(owner: StoreOwner): readonly Lease[];
  all(): readonly Lease[];
}

export function createLeaseMemory(): LeaseMemory {
  const held = new Map<string, Lease>();
  const of = (owner: StoreOwner) => [...held.values()].filter((lease) => lease.owner.id === owner.id);
  return {
    of,
    all: () => [...held.values()],
    learn(answers) {
      for (const answer of answers) if (answer.acquired) held.set(answer.lease.jobId, answer.lease);
    },
    replace(owner, leases) {
      for (const lease of of(owner)) held.delete(lease.jobId);
      for (const lease of leases) held.set(lease.jobId, lease);
      return leases;
    },
    forget(lease) {
      if (held.get(lease.jobId)?.token === lease.token) held.delete(lease.jobId);
    },
  };
}
