import { type Lease, type LeaseAnswer, withTerm } from '../lease/job-lease.js';

/** How many leases an owner has, and the sum of their tokens. */
export interface LeaseTally {
  readonly count: number;
  readonly tokens: number;
}

/**
 * The leases that this connection granted to one owner, so that a heartbeat need not read them: reading a hundred thousand blocks
 * the event loop for half a second. Tokens are never reused and only go up: the same count with the same sum means the same
 * leases, and with any other the rows are read.
 */
export class OwnedLeases {
  readonly ownerId: string;
  readonly #leases = new Map<string, Lease>();
  #tokens = 0;
  #list: readonly Lease[] | undefined;

  constructor(ownerId: string, leases: readonly Lease[]) {
    this.ownerId = ownerId;
    for (const lease of leases) this.#add(lease);
  }

  equals({ count, tokens }: LeaseTally): boolean {
    return count === this.#leases.size && tokens === this.#tokens;
  }

  learn(answers: readonly LeaseAnswer[]): void {
    for (const answer of answers) if (answer.acquired) this.#add(answer.lease);
  }

  drop({ jobId, token }: Lease): void {
    if (this.#leases.get(jobId)?.token !== token) return;
    this.#leases.delete(jobId);
    this.#tokens -= token;
    this.#list = undefined;
  }

  /** The same array as before, while no lease was added or dropped. Times are those of the first list. */
  list(term: Pick<Lease, 'expiresAt' | 'ttlMs'>): readonly Lease[] {
    this.#list ??= Array.from(this.#leases.values(), (lease) => withTerm(lease, term));
    return this.#list;
  }

  #add(lease: Lease): void {
    const before = this.#leases.get(lease.jobId);
    if (before?.token === lease.token) return;
    this.#leases.set(lease.jobId, lease);
    this.#tokens += lease.token - (before?.token ?? 0);
    this.#list = undefined;
  }
}
