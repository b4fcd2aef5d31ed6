import { setImmediate as breathe } from 'node:timers/promises';
import type { HistoryPage, HistoryQuery } from '../job/source/lane-source.js';
import type { JobPage, PageQuery } from './job-pages.js';
import type {
  AmendOutcome,
  HistoryBatch,
  JobFilter,
  JobListing,
  JobStore,
  LaneRecord,
  RecordChanges,
  SaveOptions,
  SaveOutcome,
} from './job-store.js';
import type { Lease, LeaseAnswer, LeaseClaim, StoreOwner } from './lease/job-lease.js';
import type { JobRecord } from './record/job-record.js';
import { createSaveGroup } from './save-group.js';
import { StoreError } from './store-error.js';

/** The parts of a store: the same functions as the port's, synchronous, throwing any error. */
export interface StoreParts {
  readonly jobs: {
    save(record: JobRecord, options: SaveOptions): SaveOutcome;
    /** Missing where this gains nothing. */
    amend?(id: string, changes: RecordChanges, lease: Lease): AmendOutcome;
    load(id: string): JobRecord | undefined;
    list(filter: JobFilter): JobListing;
    page(query: PageQuery): JobPage;
    counts(): Readonly<Record<string, number>>;
    remove(lease: Lease): boolean;
  };
  readonly leases: {
    acquire(jobIds: readonly string[], claim: LeaseClaim): readonly LeaseAnswer[];
    renew(claim: LeaseClaim): readonly Lease[];
    release(lease: Lease): void;
    /** True: some are left, call again. */
    releaseOwner(owner: StoreOwner): boolean;
    all(): readonly Lease[];
    of(jobIds: readonly string[]): readonly Lease[];
  };
  readonly history: {
    append(batch: HistoryBatch): void;
    page(jobId: string, query: HistoryQuery): HistoryPage;
  };
  /** Runs several saves as one transaction; `toDisk`: physically on the disk when it returns. Missing where this gains nothing. */
  together?<Result>(toDisk: boolean, work: () => Result): Result;
  /** Changes after another process has written. Missing if that cannot happen. */
  version?(): unknown;
  readonly lanes: {
    save(keyLabel: string, lane: LaneRecord): SaveOutcome;
    load(keyLabel: string): LaneRecord | undefined;
  };
}

/** Provides the parts and controls when they may be used. */
export interface StoreHost {
  read<Result>(work: (parts: StoreParts) => Result): Promise<Result>;
  /** One after the other. */
  write<Result>(work: (parts: StoreParts) => Result): Promise<Result>;
  /** Called once; no read or write follows. */
  close(): Promise<void>;
  /** Converts an error to the one for the host. */
  explain(cause: unknown): unknown;
}

export function storeFromParts(host: StoreHost): JobStore {
  let open = true;
  const attempt =
    (kind: 'read' | 'write') =>
    async <Result>(work: (parts: StoreParts) => Result): Promise<Result> => {
      if (!open) throw new StoreError('closed', 'The store is closed.');
      try {
        return await host[kind](work);
      } catch (cause) {
        throw host.explain(cause);
      }
    };
  const read = attempt('read');
  const writeNow = attempt('write');
  const saves = createSaveGroup<StoreParts>(writeNow);
  const write: typeof writeNow = (work) => {
    saves.flush();
    return writeNow(work);
  };
  return {
    save: (record, options) => saves.save(options.effect, ({ jobs }) => jobs.save(record, options)),
    amend: (id, changes, { lease }) =>
      saves.save(false, ({ jobs }) => jobs.amend?.(id, changes, lease) ?? 'impossible'),
    load: (id) => read(({ jobs }) => jobs.load(id)),
    list: (filter = {}) => read(({ jobs }) => jobs.list(filter)),
    page: (query = {}) => read(({ jobs }) => jobs.page(query)),
    counts: () => read(({ jobs }) => jobs.counts()),
    remove: (lease) => write(({ jobs }) => jobs.remove(lease)),
    acquireLease: (jobId, claim) => write(({ leases }) => firstOf(leases.acquire([jobId], claim))),
    acquireLeases: (jobIds, claim) => write(({ leases }) => leases.acquire(jobIds, claim)),
    renewLeases: (claim) => write(({ leases }) => leases.renew(claim)),
    releaseLease: (lease) => write(({ leases }) => leases.release(lease)),
    async releaseOwner(owner) {
      while (await write(({ leases }) => leases.releaseOwner(owner))) await breathe();
    },
    leases: (jobIds) => read(({ leases }) => (jobIds === undefined ? leases.all() : leases.of(jobIds))),
    appendHistory: (batch) => write(({ history }) => history.append(batch)),
    history: (jobId, query = {}) => read(({ history }) => history.page(jobId, query)),
    saveLane: (keyLabel, lane) => write(({ lanes }) => lanes.save(keyLabel, lane)),
    loadLane: (keyLabel) => read(({ lanes }) => lanes.load(keyLabel)),
    async close() {
      if (!open) return;
      saves.flush();
      open = false;
      await host.close();
    },
  };
}

/** Parts that are always available and never locked. */
export const alwaysAtHand = (parts: StoreParts): StoreHost => ({
  read: async (work) => work(parts),
  write: async (work) => work(parts),
  close: async () => undefined,
  explain: (cause) => cause,
});

function firstOf<Item>(items: readonly Item[]): Item {
  const [first] = items;
  if (first === undefined) throw new StoreError('unusable', 'The store gave no answer.');
  return first;
}
