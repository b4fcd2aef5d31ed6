import type { InspectionEvent, Observer } from 'xstate';
import type { JobInput } from '../../machines/job-input.js';
import type { JobPorts } from '../../machines/ports.js';
import type { Clock } from '../binding/clock.js';
import type { JobHandle } from '../job/job-handle.js';
import type { JobLogger } from '../job/job-logger.js';
import type { HistoryPage, HistoryQuery, KeptJob } from '../job/source/lane-source.js';
import type { JobFilter, JobListing, JobStore, StoreMove } from '../store/job-store.js';
import type { StoreOwner } from '../store/lease/job-lease.js';
import type { JobRecord, QueueRank } from '../store/record/job-record.js';
import type { StoreWarning } from '../store/resilient-store.js';
import type { FileRecorder } from './recorded-files.js';
import type { ResumeChanges } from './resumed-position.js';
import type { StoredJobHandle } from './stored-handle.js';

/** Something that a host should say loudly; the jobs go on as far as they can. */
export type StoredJobsWarning =
  /** The disk does not play along: a crash from now on loses what is not stored. */
  | ({ readonly type: 'store' } & StoreWarning)
  /** The store's file was removed or replaced; the jobs that run are stored in the one in its place. */
  | ({ readonly type: 'store-moved' } & StoreMove)
  /** The job has ended, and the store still tells where it stood before. */
  | { readonly type: 'end-unsaved'; readonly jobId: string }
  /** Another process drives the job now; this one has stopped driving it. */
  | { readonly type: 'lease-lost'; readonly jobId: string }
  /** The process that drives a job that was asked for may be gone: its heartbeat is watched for so many ms before the job is taken over. */
  | {
      readonly type: 'lease-doubted';
      readonly jobId: string;
      readonly holder: StoreOwner;
      readonly forMs: number;
    }
  /** The wall clock was set by so many ms (negative: back); waits and leases are not touched by it. */
  | { readonly type: 'clock-set'; readonly byMs: number }
  /** A state could not be stored for another reason: a bug, or a record of a newer release. */
  | { readonly type: 'unsaved'; readonly jobId?: string; readonly error: unknown };

export interface StoredJobsOptions {
  /** Stays open when the jobs are closed: it is the caller's. */
  readonly store: JobStore;
  readonly ports: JobPorts;
  /** Who drives the jobs. Default: this process. */
  readonly owner?: StoreOwner;
  readonly clock?: Clock;
  /** In [0, 1), for jitter. */
  readonly random?: () => number;
  readonly logger?: JobLogger;
  /** Never stored or logged: it is taken out wherever it occurs. */
  readonly apiKey?: string;
  readonly uploadsAtOnce?: number;
  /** How long a lease outlives its last heartbeat, in ms. Default 30,000; the heart beats three times as often. */
  readonly leaseMs?: number;
  /** How long a change of progress may wait to be stored, in ms. Default 1,000. */
  readonly lazyMs?: number;
  /** How files are known again. Default: by the disk of this machine. */
  readonly files?: FileRecorder;
  /** Aborted: the heartbeat of another process is watched no longer, its jobs count as held. */
  readonly stopWaiting?: AbortSignal;
  readonly onWarning?: (warning: StoredJobsWarning) => void;
  /** XState's own `inspect`, for an inspector adapter. A host that inspects sees the chart as it is drawn: each read of the status is then a state. */
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void);
}

/** What became of many jobs that were to be resumed. */
export interface ResumedJobs<Handle extends JobHandle = StoredJobHandle> {
  readonly handles: readonly Handle[];
  readonly refused: readonly { readonly id: string; readonly error: unknown }[];
}

/** Jobs that outlive their process: stored before each effect, and resumed from there by any process that holds their lease. */
export interface StoredJobs {
  /**
   * Stores a new job, then runs it. Default id: a random one. `queue` is only kept, for the lane that resumes the job.
   * @throws StoredJobError `exists`, `held`, `closed`; StoreError where it cannot be stored: then nothing was sent.
   */
  start(
    input: JobInput,
    options?: { readonly id?: string; readonly queue?: QueueRank },
  ): Promise<StoredJobHandle>;
  /**
   * Goes on with a stored job, once its lease is free or its owner is known to be gone.
   * @throws StoredJobError `not-found`, `held`, `running`, `finished`, `files-changed`, `expired`, `unreadable`, `closed`; StoreError. The job stays in the store as it is.
   */
  resume(id: string, changes?: ResumeChanges): Promise<StoredJobHandle>;
  /** Goes on with every job that can be resumed, or with those of the ids. In parts, between which timers and replies have their turn. */
  resumeAll(changes?: ResumeChanges, ids?: readonly string[]): Promise<ResumedJobs>;
  /** What can be read of the store, oldest first. */
  list(filter?: JobFilter): Promise<readonly JobRecord[]>;
  /** The same, and what cannot be read. */
  listing(filter?: JobFilter): Promise<JobListing>;
  /** A job as it stands, also one that another process drives; undefined where there is none. @throws StoreError where it cannot be read */
  look(id: string): Promise<KeptJob | undefined>;
  /** What a job did, as far as it is kept: some hundred entries, without a value, a path or a URL. */
  history(id: string, query?: HistoryQuery): Promise<HistoryPage>;
  /** Calls back within seconds after another process has written into the store. Returns what ends it. */
  onStoreChange(listener: () => void): () => void;
  /** Takes a job out of the store; the one on the server lives on. False where there was none. @throws StoredJobError `held`, `running` */
  remove(id: string): Promise<boolean>;
  /** Lets go of every job, stores them so that they can be resumed, and gives their leases back. */
  close(): Promise<void>;
}
