import type { InspectionEvent, Observer } from 'xstate';
import type { JobInput } from '../../machines/job-input.js';
import type { JobPorts } from '../../machines/ports.js';
import type { Clock } from '../binding/clock.js';
import type { JobHandle } from '../job/job-handle.js';
import type { JobLogger } from '../job/job-logger.js';
import type { HistoryPage, HistoryQuery, KeptJob } from '../job/source/lane-source.js';
import type { JobTelemetry } from '../job/telemetry/job-telemetry.js';
import type { JobFilter, JobListing, JobStore, StoreMove } from '../store/job-store.js';
import type { StoreOwner } from '../store/lease/job-lease.js';
import type { JobRecord, QueueRank } from '../store/record/job-record.js';
import type { StoreWarning } from '../store/resilient-store.js';
import type { FileRecorder } from './recorded-files.js';
import type { ResumeChanges } from './resumed-position.js';
import type { StoredJobHandle } from './stored-handle.js';

/** A problem that a host should show; the jobs continue as far as possible. */
export type StoredJobsWarning =
  /** The store fails: a crash from now on loses what is not stored. */
  | ({ readonly type: 'store' } & StoreWarning)
  /** The store's file was removed or replaced; running jobs are stored in the new one. */
  | ({ readonly type: 'store-moved' } & StoreMove)
  /** The job has ended, and the store still has its state from before. */
  | { readonly type: 'end-unsaved'; readonly jobId: string }
  /** Another process drives the job now; this one has stopped. */
  | { readonly type: 'lease-lost'; readonly jobId: string }
  /** The process that drives a requested job may be gone: its heartbeat is watched for `forMs` before the job is taken over. */
  | {
      readonly type: 'lease-doubted';
      readonly jobId: string;
      readonly holder: StoreOwner;
      readonly forMs: number;
    }
  /** The wall clock was set by `byMs` (negative: back); waits and leases are not affected. */
  | { readonly type: 'clock-set'; readonly byMs: number }
  /** A state could not be stored for another reason: a bug, or a record of a newer release. */
  | { readonly type: 'unsaved'; readonly jobId?: string; readonly error: unknown };

export interface StoredJobsOptions {
  /** Not closed together with the jobs: it belongs to the caller. */
  readonly store: JobStore;
  readonly ports: JobPorts;
  /** The owner of the leases. Default: this process. */
  readonly owner?: StoreOwner | undefined;
  readonly clock?: Clock | undefined;
  /** In [0, 1), for jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  readonly logger?: JobLogger | undefined;
  /** Never stored or logged: it is redacted everywhere. */
  readonly apiKey?: string | undefined;
  readonly uploadsAtOnce?: number | undefined;
  /** How long a lease outlives its last heartbeat, in ms. Default 30,000; heartbeats are three times as frequent. */
  readonly leaseMs?: number | undefined;
  /** How long storing a change of progress may be delayed, in ms. Default 1,000. */
  readonly lazyMs?: number | undefined;
  /** How files are recognised. Default: by this machine's disk. */
  readonly files?: FileRecorder | undefined;
  /** When aborted, heartbeats of other processes are no longer watched, and their jobs count as held. */
  readonly stopWaiting?: AbortSignal | undefined;
  /** The absolute folder for the result of a new job. It is stored with the job, so that another command can save there. */
  readonly outDirOf?: ((jobId: string) => string) | undefined;
  readonly onWarning?: ((warning: StoredJobsWarning) => void) | undefined;
  /**
   * XState's own `inspect`, for an inspector adapter. A host that inspects sees the chart as drawn: each read of the status is
   * then a state.
   */
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void) | undefined;
  /** Traces and metrics, from `goal-lane/opentelemetry`; the client needs its `onExchange`, too. */
  readonly telemetry?: JobTelemetry | undefined;
}

/** The result of resuming many jobs. */
export interface ResumedJobs<Handle extends JobHandle = StoredJobHandle> {
  readonly handles: readonly Handle[];
  readonly refused: readonly { readonly id: string; readonly error: unknown }[];
}

/** Jobs that outlive their process: stored before each effect, and resumed from there by any process that holds their lease. */
export interface StoredJobs {
  /**
   * Stores a new job, then runs it. Default id: random. `queue` is only stored, for the lane that resumes the job.
   * @throws StoredJobError `exists`, `held`, `closed`; StoreError if it cannot be stored: then nothing was sent.
   */
  start(
    input: JobInput,
    options?: { readonly id?: string | undefined; readonly queue?: QueueRank | undefined },
  ): Promise<StoredJobHandle>;
  /**
   * Resumes a stored job once its lease is free or its owner is known to be gone.
   * @throws StoredJobError `not-found`, `held`, `running`, `finished`, `files-changed`, `expired`, `unreadable`, `closed`;
   * StoreError. The stored job is then unchanged.
   */
  resume(id: string, changes?: ResumeChanges): Promise<StoredJobHandle>;
  /** Resumes every resumable job, or those with the given ids, in parts between which timers and replies are processed. */
  resumeAll(changes?: ResumeChanges, ids?: readonly string[]): Promise<ResumedJobs>;
  /** All readable records, oldest first. */
  list(filter?: JobFilter): Promise<readonly JobRecord[]>;
  /** The same, and what cannot be read. */
  listing(filter?: JobFilter): Promise<JobListing>;
  /** A job in its current state, also one that another process drives; undefined if there is none. @throws StoreError if it cannot be read */
  look(id: string): Promise<KeptJob | undefined>;
  /** The history of a job as far as it is kept: some hundred entries, without values, paths or URLs. */
  history(id: string, query?: HistoryQuery): Promise<HistoryPage>;
  /** Calls back within seconds after another process has written into the store. Returns a function that unsubscribes. */
  onStoreChange(listener: () => void): () => void;
  /** Removes a job from the store; on the server it continues. False if there was none. @throws StoredJobError `held`, `running` */
  remove(id: string): Promise<boolean>;
  /** Detaches every job, stores them so that they can be resumed, and releases their leases. */
  close(): Promise<void>;
}
