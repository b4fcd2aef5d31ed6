import type { InspectionEvent, Observer } from 'xstate';
import type { AttachInput } from '../../machines/job-input.js';
import type { JobPorts } from '../../machines/ports.js';
import type { GoalClient } from '../../services/goal-client.js';
import type { Endpoint } from '../../services/limits/endpoint.js';
import type { EndpointBudget, RateBudget } from '../../services/limits/rate-budget.js';
import type { OpenedResult } from '../../services/open-result.js';
import type { Workflow } from '../../services/wire/wire-types.js';
import type { Clock } from '../binding/clock.js';
import type { FileRecorder, ResumeChanges, ResumedJobs, StoredJobsWarning } from '../durable/index.js';
import type { JobHandle, JobHandleEvent } from '../job/job-handle.js';
import type { JobLogger } from '../job/job-logger.js';
import type {
  HistoryPage,
  HistoryQuery,
  KeptJob,
  LaneSource,
  StoredPage,
  StoredPageQuery,
} from '../job/source/lane-source.js';
import type { TypedHandle, TypedJobInput, WorkflowId } from '../job/typed/register.js';
import type { JobStore } from '../store/job-store.js';
import type { GovernorView } from './reads/poll-governor.js';
import type { PlanHint, PlanName } from './starts/plan-hint.js';

/** What a lane shares with the client and the ports that it is given. */
export interface LaneShared {
  /** Learns from every reply of the client, and answers when the next request may be sent. */
  readonly budget: RateBudget;
  readonly clock: Clock;
}

/** What a lane needs of its host: a client that counts against the lane's budget, and ports that use it. */
export interface LaneConnection {
  readonly client: GoalClient;
  readonly ports: JobPorts;
}

/** Options of every lane, whatever its host. */
export interface LaneOptions {
  /** Goes to the API's origin and nowhere else (law 5). */
  readonly apiKey: string;
  /** What the host believes of the key's limits; what the server says goes before. Default: learned from the server. */
  readonly plan?: PlanName | PlanHint;
  /** Most jobs at once, if less than the plan allows. */
  readonly concurrency?: number;
  /** Makes jobs outlive their process, and keeps what the lane learns. Stays open when the lane is closed: it is the caller's. */
  readonly store?: JobStore;
  readonly logger?: JobLogger;
  readonly clock?: Clock;
  /** In [0, 1), for jitter. */
  readonly random?: () => number;
  /** How many files of a job go up at once. Default 4. */
  readonly uploadsAtOnce?: number;
  /** `round-robin` reads in turn, whatever is known of the jobs. Default `index`. */
  readonly pollOrder?: 'index' | 'round-robin';
  /** How files are known again after a restart. Default: by the disk of this machine. */
  readonly files?: FileRecorder;
  /** Something about the store that should be said loudly. */
  readonly onWarning?: (warning: StoredJobsWarning) => void;
  /** XState's own `inspect`, for an inspector adapter. A host that inspects sees the chart as it is drawn: each read of the status is then a state. */
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void);
}

/** What an adapter hands to the lane beside the options of its user. */
export interface LaneHost {
  /** Stands for the key in the store: never the key itself (law 5). */
  readonly keyLabel: string;
  readonly connect: (shared: LaneShared) => LaneConnection;
}

export interface LaneStartOptions {
  /** Our own name for the job. Default: a random one. */
  readonly id?: string;
  /** Jobs of higher priority start first. Default 0. */
  readonly priority?: number;
}

/** An event of one of the lane's jobs. */
export type LaneEvent = JobHandleEvent & { readonly jobId: string };

/** What is left of the key's limits, and until when. */
export interface LaneBudget {
  readonly endpoints: Readonly<Partial<Record<Endpoint, EndpointBudget>>>;
  /** What is believed of the limit of status reads, and which part of it is this lane's. */
  readonly statusReads: GovernorView;
  /** Places for jobs at once: how many there are believed to be, how many jobs have one, how many wait. */
  readonly places: { readonly limit: number; readonly taken: number; readonly waiting: number };
}

/** What became of jobs that were to be resumed. */
export type LaneResumption = ResumedJobs<JobHandle>;

export interface CloseOptions {
  /** Waits for all jobs to end, those in the queue included. Default false: lets go of them; with a store they can be resumed. */
  readonly drain?: boolean;
  /** Epoch ms after which draining gives up and lets go. */
  readonly deadlineAt?: number;
}

/** All the jobs under one API key: their shared budget, queue and store. */
export interface GoalLane extends LaneSource, AsyncIterable<LaneEvent> {
  /**
   * Starts a job; its handle is there at once, and shows `preparing.queued` while the job waits for its place.
   * @throws InvalidInputError for an option that cannot be meant, an id that is in use, and after `close`
   */
  start<const Id extends WorkflowId = WorkflowId, const Files extends readonly string[] = readonly string[]>(
    input: (TypedJobInput<Id, Files> | AttachInput) & LaneStartOptions,
  ): TypedHandle<JobHandle, Id>;
  /** Goes on with what the store holds: all of it, or the ids given. Without a store there is nothing. */
  resume(ids?: readonly string[], changes?: ResumeChanges): Promise<LaneResumption>;
  /** Jobs that run or wait, and the last 1,000 that have ended, in the order in which they came. */
  jobs(): readonly JobHandle[];
  /** By our own id or by `jobSpecId`. */
  job(id: string): JobHandle | undefined;
  /** Every event of every job, from now on. The iteration ends when the lane is closed, and quietly when the signal aborts. */
  events(options?: { readonly signal?: AbortSignal | undefined }): AsyncIterableIterator<LaneEvent>;
  on<Type extends LaneEvent['type']>(
    type: Type,
    listener: (event: Extract<LaneEvent, { type: Type }>) => void,
  ): () => void;
  on(type: '*', listener: (event: LaneEvent) => void): () => void;
  /** The workflows of the catalog; asked for at most every five minutes. */
  catalog(): Promise<readonly Workflow[]>;
  budget(): LaneBudget;
  /** What the store holds, jobs of other processes included, page by page and without reading what is inside. Without a store nothing. */
  stored(query?: StoredPageQuery): Promise<StoredPage>;
  /** Calls back within seconds after another process has written into the store. Returns what ends it. */
  onStoreChange(listener: () => void): () => void;
  /** A stored job as it stands, also one that another process drives; undefined where there is none. @throws StoreError where it cannot be read */
  look(id: string): Promise<KeptJob | undefined>;
  /** What a stored job did: some hundred entries, without a value, a path or a URL. */
  history(id: string, query?: HistoryQuery): Promise<HistoryPage>;
  /**
   * Takes a job that has ended off the list and out of the store; nothing is deleted on the server. False where there was none.
   * @throws InvalidInputError while it runs here; StoredJobError `held` while another process runs it
   */
  forget(id: string): Promise<boolean>;
  /**
   * Streams the result of a completed job through this process, with a URL that is asked for anew each time and reaches nobody.
   * @throws GoalLaneError where there is no such job, or no result (any more)
   */
  openResult(id: string, options?: { readonly signal?: AbortSignal }): Promise<OpenedResult>;
  /** Resolves when no socket, timer or promise of the lane is left. */
  close(options?: CloseOptions): Promise<void>;
}
