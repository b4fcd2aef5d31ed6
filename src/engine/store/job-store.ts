import type { HistoryEntry, HistoryPage, HistoryQuery } from '../job/source/lane-source.js';
import type { JobPage, PageQuery } from './job-pages.js';
import type { Lease, LeaseAnswer, LeaseClaim, StoreOwner } from './lease/job-lease.js';
import type { JobRecord } from './record/job-record.js';
import type { StoreError } from './store-error.js';

export interface SaveOptions {
  /** Proof that the job is ours. A lease that another owner has taken over since is refused. */
  readonly lease: Lease;
  /** The record announces an effect: it is on the disk itself, safe from power loss, before `save` resolves. */
  readonly effect: boolean;
}

/** `unchanged`: the stored record says the same already, nothing was written. `unsaved`: see `resilient-store.ts`. */
export type SaveOutcome = 'written' | 'unchanged' | 'unsaved';

/** Every condition given must hold. */
export interface JobFilter {
  readonly states?: readonly string[];
  readonly jobSpecId?: string;
  readonly workflowId?: string;
}

/** Oldest first. One record that cannot be read does not hide the others. */
export interface JobListing {
  readonly records: readonly JobRecord[];
  readonly unreadable: readonly { readonly id: string; readonly error: StoreError }[];
}

/** What a lane keeps beside its jobs, as JSON: the budget of its key, the order of its queue, the history of its workflows. */
export interface LaneRecord {
  readonly budget?: unknown;
  /** Ids of jobs, first to start first. */
  readonly queueOrder: readonly string[];
  readonly history?: unknown;
  /** Epoch ms. */
  readonly updatedAt: number;
}

/** The file of a store is another one than it was. */
export interface StoreMove {
  readonly path: string;
  readonly how: 'removed' | 'replaced';
}

/** What jobs did, by their ids, in order. */
export type HistoryBatch = ReadonlyMap<string, readonly Omit<HistoryEntry, 'seq'>[]>;

/** Where jobs outlive their process. Every function rejects with a StoreError and with nothing else. */
export interface JobStore {
  /** Refused: `lease-lost`, and `newer-version` over a record of a newer release. */
  save(record: JobRecord, options: SaveOptions): Promise<SaveOutcome>;
  /** Refused: `corrupt`, `newer-version`. */
  load(id: string): Promise<JobRecord | undefined>;
  /** Whole records, all that fit at once: for few. Many are listed by {@link JobStore.page}. */
  list(filter?: JobFilter): Promise<JobListing>;
  /** Some of the jobs without their snapshots, in the order in which they were first stored. */
  page(query?: PageQuery): Promise<JobPage>;
  /** How many jobs stand in each lifecycle state. */
  counts(): Promise<Readonly<Record<string, number>>>;
  /** Removes the record and its lease. False where there was none. Refused: `lease-lost`. */
  remove(lease: Lease): Promise<boolean>;

  /** Takes a job that is free, whose lease has ended, or whose owner is known to be gone. The job need not be stored yet. */
  acquireLease(jobId: string, claim: LeaseClaim): Promise<LeaseAnswer>;
  /** The same for many at once, in their order. */
  acquireLeases(jobIds: readonly string[], claim: LeaseClaim): Promise<readonly LeaseAnswer[]>;
  /** The owner's heartbeat. What it resolves with is still the owner's; what is missing there was taken over. */
  renewLeases(claim: LeaseClaim): Promise<readonly Lease[]>;
  /** Harmless where the lease is lost. */
  releaseLease(lease: Lease): Promise<void>;
  releaseOwner(owner: StoreOwner): Promise<void>;
  /** Every lease that stands, ended ones included. */
  leases(): Promise<readonly Lease[]>;

  /** `keyLabel` is a salted fingerprint of the API key, never the key. */
  saveLane(keyLabel: string, lane: LaneRecord): Promise<SaveOutcome>;
  loadLane(keyLabel: string): Promise<LaneRecord | undefined>;

  /** Adds to what is kept of jobs that are stored; thinned where it grows long. Missing where a store keeps none. */
  appendHistory?(batch: HistoryBatch): Promise<void>;
  history?(jobId: string, query?: HistoryQuery): Promise<HistoryPage>;

  /** Calls back within seconds after another process (or another opening of the file) has written. Returns what ends it. Missing where nobody else can. */
  onChange?(listener: () => void): () => void;

  /**
   * Tells that what was stored is gone, and that the store goes on: the leases that it gave out stand, and the jobs under them are
   * to be saved again. Returns what ends it. Missing where that cannot happen.
   */
  onMove?(listener: (move: StoreMove) => void): () => void;

  /** Whatever else is called afterwards is refused. Does not release leases. */
  close(): Promise<void>;
}
