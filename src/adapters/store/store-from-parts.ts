import type { Lease, LeaseAnswer, LeaseClaim, StoreOwner } from './job-lease.js';
import type { JobRecord } from './job-record.js';
import type { JobFilter, JobListing, JobStore, LaneRecord, SaveOptions, SaveOutcome } from './job-store.js';
import { StoreError } from './store-error.js';

/** What a store is made of: the same functions as the port's, synchronous, throwing what they like. */
export interface StoreParts {
  readonly jobs: {
    save(record: JobRecord, options: SaveOptions): SaveOutcome;
    load(id: string): JobRecord | undefined;
    list(filter: JobFilter): JobListing;
    remove(lease: Lease): boolean;
  };
  readonly leases: {
    acquire(jobIds: readonly string[], claim: LeaseClaim): readonly LeaseAnswer[];
    renew(claim: LeaseClaim): readonly Lease[];
    release(lease: Lease): void;
    releaseOwner(owner: StoreOwner): void;
    all(): readonly Lease[];
  };
  readonly lanes: {
    save(keyLabel: string, lane: LaneRecord): SaveOutcome;
    load(keyLabel: string): LaneRecord | undefined;
  };
  /** Called once. */
  close(): void;
  /** What was thrown, as the error that a host reads. */
  explain(cause: unknown): unknown;
}

export function storeFromParts({ jobs, leases, lanes, close, explain }: StoreParts): JobStore {
  let open = true;
  const attempt = async <Result>(work: () => Result): Promise<Result> => {
    if (!open) throw new StoreError('closed', 'The store is closed.');
    try {
      return work();
    } catch (cause) {
      throw explain(cause);
    }
  };
  return {
    save: (record, options) => attempt(() => jobs.save(record, options)),
    load: (id) => attempt(() => jobs.load(id)),
    list: (filter = {}) => attempt(() => jobs.list(filter)),
    remove: (lease) => attempt(() => jobs.remove(lease)),
    acquireLease: (jobId, claim) => attempt(() => firstOf(leases.acquire([jobId], claim))),
    acquireLeases: (jobIds, claim) => attempt(() => leases.acquire(jobIds, claim)),
    renewLeases: (claim) => attempt(() => leases.renew(claim)),
    releaseLease: (lease) => attempt(() => leases.release(lease)),
    releaseOwner: (owner) => attempt(() => leases.releaseOwner(owner)),
    leases: () => attempt(() => leases.all()),
    saveLane: (keyLabel, lane) => attempt(() => lanes.save(keyLabel, lane)),
    loadLane: (keyLabel) => attempt(() => lanes.load(keyLabel)),
    async close() {
      if (!open) return;
      open = false;
      close();
    },
  };
}

function firstOf<Item>(items: readonly Item[]): Item {
  const [first] = items;
  if (first === undefined) throw new StoreError('unusable', 'The store gave no answer.');
  return first;
}
