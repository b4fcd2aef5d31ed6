import { type Lease, type LeaseAnswer, type LeaseClaim, type StoreOwner, withTerm } from './job-lease.js';

/** The leases that a store granted, for times when it cannot be asked. */
export interface LeaseMemory {
  learn(answers: readonly LeaseAnswer[]): void;
  /** The answer to a heartbeat: all leases of its owner. Returns them. */
  renewed(claim: LeaseClaim, leases: readonly Lease[]): readonly Lease[];
  forget(lease: Lease): void;
  forgetOwner(owner: StoreOwner): void;
  of(owner: StoreOwner): readonly Lease[];
  all(): readonly Lease[];
}

const sumOfTokens = (leases: readonly Lease[]): number => {
  let sum = 0;
  for (const { token } of leases) sum += token;
  return sum;
};

type Term = Pick<Lease, 'expiresAt' | 'ttlMs'>;

export function createLeaseMemory(): LeaseMemory {
  const held = new Map<string, Lease>();
  /** A heartbeat moves the end of all leases of its owner: kept once, because an owner may have a hundred thousand. */
  const terms = new Map<string, Term>();
  /** What the last heartbeat brought, while nothing has changed since: a store answers with the same array then. */
  let known: readonly Lease[] | undefined;

  const current = (lease: Lease): Lease => {
    const term = terms.get(lease.owner.id);
    return term === undefined || term.expiresAt <= lease.expiresAt ? lease : withTerm(lease, term);
  };
  const all = () => [...held.values()].map(current);
  const forgetOwner = ({ id }: StoreOwner): void => {
    known = undefined;
    for (const lease of held.values()) if (lease.owner.id === id) held.delete(lease.jobId);
  };
  /**
   * Whether these are the leases that the owner has here, whatever their terms: to note a hundred thousand again, or to look each of
   * them up, would block the event loop. Tokens are never reused: the same count with the same sum means the same leases.
   */
  const areHeld = ({ id }: StoreOwner, leases: readonly Lease[]): boolean => {
    let [count, tokens] = [0, 0];
    for (const lease of held.values()) {
      if (lease.owner.id !== id) continue;
      count += 1;
      tokens += lease.token;
    }
    return count === leases.length && tokens === sumOfTokens(leases);
  };
  return {
    all,
    of: (owner) => all().filter((lease) => lease.owner.id === owner.id),
    learn(answers) {
      known = undefined;
      for (const answer of answers) if (answer.acquired) held.set(answer.lease.jobId, answer.lease);
    },
    renewed({ owner, now, ttlMs }, leases) {
      terms.set(owner.id, { expiresAt: now + ttlMs, ttlMs });
      if (leases === known) return leases;
      if (!areHeld(owner, leases)) {
        forgetOwner(owner);
        for (const lease of leases) held.set(lease.jobId, lease);
      }
      known = leases;
      return leases;
    },
    forget(lease) {
      known = undefined;
      if (held.get(lease.jobId)?.token === lease.token) held.delete(lease.jobId);
    },
    forgetOwner,
  };
}
