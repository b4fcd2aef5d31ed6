import type { HistoryEntry, HistoryPage, HistoryQuery } from '../job/source/lane-source.js';
import type { JobPage, PageQuery } from './job-pages.js';
import type { Lease, LeaseAnswer, LeaseClaim, StoreOwner } from './lease/job-lease.js';
import type { JobRecord } from './record/job-record.js';
import type { StoreError } from './store-error.js';

export interface SaveOptions {
  /** Proof that the job is ours. A lease that another owner has taken over is refused. */
  readonly lease: Lease;
  /** The record announces an effect: it must be physically on the disk, safe from power loss, before `save` resolves. */
  readonly effect: boolean;
}

/** `unchanged`: the stored record is already equal, nothing was written. `unsaved`: see `resilient-store.ts`. */
export type SaveOutcome = 'written' | 'unchanged' | 'unsaved';

/** What changes in a record when its job is detached while it waits. */
export interface RecordChanges extends Required<Pick<JobRecord, 'state' | 'tags' | 'waitsFor'>> {
  /** Epoch ms. */
  readonly updatedAt: number;
}

/** `impossible`: there is no such record, or not in the form in which this release stores it; nothing was written. */
export type AmendOutcome = 'written' | 'impossible';

/** All given conditions must match. */
export interface JobFilter {
  readonly states?: readonly string[] | undefined;
  readonly jobSpecId?: string | undefined;
  readonly workflowId?: string | undefined;
}

/** Oldest first. An unreadable record does not hide the others. */
export interface JobListing {
  readonly records: readonly JobRecord[];
  readonly unreadable: readonly { readonly id: string; readonly error: StoreError }[];
}

/**
 * What a lane stores in addition to its jobs, as JSON: the budget of its key, the order of its queue, the history of its
 * workflows.
 */
export interface LaneRecord {
  readonly budget?: unknown;
  /** Job ids; the first starts first. */
  readonly queueOrder: readonly string[];
  readonly history?: unknown;
  /** Epoch ms. */
  readonly updatedAt: number;
}

/** The file of a store was replaced by another. */
export interface StoreMove {
  readonly path: string;
  readonly how: 'removed' | 'replaced';
}

/** History entries by job id, in order. */
export type HistoryBatch = ReadonlyMap<string, readonly Omit<HistoryEntry, 'seq'>[]>;

/** Where jobs outlive their process. Every function rejects only with a StoreError. */
export interface JobStore {
  /** Refusals: `lease-lost`, and `newer-version` for a record of a newer release. */
  save(record: JobRecord, options: SaveOptions): Promise<SaveOutcome>;
  /**
   * Changes only this of a stored record: for many jobs that are detached at one time, of which all else is stored already. Refusal:
   * `lease-lost`. Missing if the store can only store whole records.
   */
  amend?(id: string, changes: RecordChanges, options: Pick<SaveOptions, 'lease'>): Promise<AmendOutcome>;
  /** Refusals: `corrupt`, `newer-version`. */
  load(id: string): Promise<JobRecord | undefined>;
  /** Complete records, all at once: for few jobs. Use {@link JobStore.page} for many. */
  list(filter?: JobFilter): Promise<JobListing>;
  /** Some of the jobs without their snapshots, in the order in which they were first stored. */
  page(query?: PageQuery): Promise<JobPage>;
  /** The number of jobs in each lifecycle state. */
  counts(): Promise<Readonly<Record<string, number>>>;
  /** Removes the record and its lease. False if there was none. Refusal: `lease-lost`. */
  remove(lease: Lease): Promise<boolean>;

  /** Acquires a job that is free, whose lease has expired, or whose owner is known to be gone. The job need not be stored yet. */
  acquireLease(jobId: string, claim: LeaseClaim): Promise<LeaseAnswer>;
  /** The same for many jobs, in their order. */
  acquireLeases(jobIds: readonly string[], claim: LeaseClaim): Promise<readonly LeaseAnswer[]>;
  /**
   * The owner's heartbeat. Resolves with the leases that the owner still has; missing ones were taken over. A store may resolve with
   * the very array of the heartbeat before if the leases are the same: their `expiresAt` is then that of the claim, whatever it says.
   */
  renewLeases(claim: LeaseClaim): Promise<readonly Lease[]>;
  /** Has no effect if the lease is lost. */
  releaseLease(lease: Lease): Promise<void>;
  /** In parts, between which timers and other writes are processed. */
  releaseOwner(owner: StoreOwner): Promise<void>;
  /** The leases of these jobs, by default of all, including expired ones. A store may resolve with those of other jobs, too. */
  leases(jobIds?: readonly string[]): Promise<readonly Lease[]>;

  /** `keyLabel` is a salted fingerprint of the API key, never the key. */
  saveLane(keyLabel: string, lane: LaneRecord): Promise<SaveOutcome>;
  loadLane(keyLabel: string): Promise<LaneRecord | undefined>;

  /** Adds history entries of stored jobs; a long history is thinned. Missing if the store keeps no history. */
  appendHistory?(batch: HistoryBatch): Promise<void>;
  history?(jobId: string, query?: HistoryQuery): Promise<HistoryPage>;

  /**
   * Calls back within seconds after another process (or another connection to the file) has written. Returns a function that
   * unsubscribes. Missing if that cannot happen.
   */
  onChange?(listener: () => void): () => void;

  /**
   * Calls back when the stored data is gone and the store continues in a new file: its leases stay valid, and the jobs under them
   * must be saved again. Returns a function that unsubscribes. Missing if that cannot happen.
   */
  onMove?(listener: (move: StoreMove) => void): () => void;

  /** All later calls are refused. Does not release leases. */
  close(): Promise<void>;
}
