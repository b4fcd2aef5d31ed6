import type { InspectionEvent, Observer } from 'xstate';
import type { AttachInput } from '../../machines/job-input.js';
import type { JobPorts } from '../../machines/ports.js';
import type { GoalClient } from '../../services/goal-client.js';
import type { Endpoint } from '../../services/limits/endpoint.js';
import type { EndpointBudget, RateBudget } from '../../services/limits/rate-budget.js';
import type { OpenedResult } from '../../services/open-result.js';
import type { Workflow } from '../../services/wire/wire-types.js';
import type { Clock } from '../binding/clock.js';
import type { KeptContext } from '../binding/turn-waiter.js';
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
import type { JobTelemetry } from '../job/telemetry/job-telemetry.js';
import type { TypedHandle, TypedJobInput, WorkflowId } from '../job/typed/register.js';
import type { JobStore } from '../store/job-store.js';
import type { GovernorView } from './reads/poll-governor.js';
import type { PlanHint, PlanName } from './starts/plan-hint.js';

/** What a lane shares with its client and its ports. */
export interface LaneShared {
  /** Learns from every reply of the client, and knows when the next request may be sent. */
  readonly budget: RateBudget;
  readonly clock: Clock;
}

/** What a lane needs from its host: a client that counts against the lane's budget, and ports that use it. */
export interface LaneConnection {
  readonly client: GoalClient;
  /** Called once, for the first job or the first catalog: a process may have a thousand lanes, of which most wait for one. */
  readonly ports: () => JobPorts;
  /** The absolute folder for the result of a job, if each has its own: it is stored with the job. */
  readonly outDirOf?: ((jobId: string) => string) | undefined;
  /**
   * Keeps the present asynchronous context: on Node, an `AsyncResource`. With it, jobs wait for their turns without a promise each,
   * which would keep the context by itself.
   */
  readonly keepContext?: (() => KeptContext) | undefined;
}

/** Options of every lane, on any host. */
export interface LaneOptions {
  /** Sent to the origin of the API and nowhere else (law 5, never leaked). */
  readonly apiKey: string;
  /** The host's assumption about the key's limits; values from the server take precedence. Default: learned from the server. */
  readonly plan?: PlanName | PlanHint | undefined;
  /** Maximum number of concurrent jobs, if less than the plan allows. */
  readonly concurrency?: number | undefined;
  /**
   * Lets jobs outlive their process, and stores what the lane learns. Not closed together with the lane: it belongs to the
   * caller.
   */
  readonly store?: JobStore | undefined;
  readonly logger?: JobLogger | undefined;
  readonly clock?: Clock | undefined;
  /** In [0, 1), for jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** How many files of a job are uploaded in parallel. Default 4. */
  readonly uploadsAtOnce?: number | undefined;
  /** `round-robin` reads jobs in turn, regardless of forecasts. Default `index`. */
  readonly pollOrder?: 'index' | 'round-robin' | undefined;
  /** How files are recognised after a restart. Default: by this machine's disk. */
  readonly files?: FileRecorder | undefined;
  /** Called for a problem of the store that the host should show. */
  readonly onWarning?: ((warning: StoredJobsWarning) => void) | undefined;
  /**
   * XState's own `inspect`, for an inspector adapter. A host that inspects sees the chart as drawn: each read of the status is
   * then a state.
   */
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void) | undefined;
  /** Traces and metrics, from `goal-lane/opentelemetry`. */
  readonly telemetry?: JobTelemetry | undefined;
}

/** What an adapter passes to the lane in addition to the user's options. */
export interface LaneHost {
  /** Identifies the key in the store; never the key itself (law 5, never leaked). */
  readonly keyLabel: string;
  readonly connect: (shared: LaneShared) => LaneConnection;
}

export interface LaneStartOptions {
  /** Our own name for the job. Default: random. */
  readonly id?: string | undefined;
  /** Jobs of higher priority start first. Default 0. */
  readonly priority?: number | undefined;
}

/** An event of one of the lane's jobs. */
export type LaneEvent = JobHandleEvent & { readonly jobId: string };

/** The remaining limits of the key. */
export interface LaneBudget {
  readonly endpoints: Readonly<Partial<Record<Endpoint, EndpointBudget>>>;
  /** The assumed limit of status reads, and this lane's share of it. */
  readonly statusReads: GovernorView;
  /** Concurrent jobs: the assumed limit, how many run, how many are queued. */
  readonly places: { readonly limit: number; readonly taken: number; readonly waiting: number };
}

/** The result of resuming jobs. */
export type LaneResumption = ResumedJobs<JobHandle>;

export interface CloseOptions {
  /** Waits for all jobs to end, including queued ones. Default false: detaches them; with a store they can be resumed. */
  readonly drain?: boolean | undefined;
  /**
   * Epoch ms at which draining stops and the remaining jobs are detached. If the lane drains already, the earlier deadline holds.
   */
  readonly deadlineAt?: number | undefined;
}

/** All jobs of one API key: their shared budget, queue and store. */
export interface GoalLane extends LaneSource, AsyncIterable<LaneEvent> {
  /**
   * Starts a job. Returns its handle at once, which shows `preparing.queued` while the job is queued.
   * @throws InvalidInputError for an invalid option, an id in use, and after `close`
   */
  start<const Id extends WorkflowId = WorkflowId, const Files extends readonly string[] = readonly string[]>(
    input: (TypedJobInput<Id, Files> | AttachInput) & LaneStartOptions,
  ): TypedHandle<JobHandle, Id>;
  /** Resumes all stored jobs, or those with the given ids. Without a store there are none. */
  resume(ids?: readonly string[], changes?: ResumeChanges): Promise<LaneResumption>;
  /** Running and queued jobs, and the last 1,000 that ended, in order of arrival. */
  jobs(): readonly JobHandle[];
  /** Finds a job by our own id or by `jobSpecId`. */
  job(id: string): JobHandle | undefined;
  /** All events of all jobs from now on. The iteration ends when the lane is closed, and normally when the signal aborts. */
  events(options?: { readonly signal?: AbortSignal | undefined }): AsyncIterableIterator<LaneEvent>;
  on<Type extends LaneEvent['type']>(
    type: Type,
    listener: (event: Extract<LaneEvent, { type: Type }>) => void,
  ): () => void;
  on(type: '*', listener: (event: LaneEvent) => void): () => void;
  /** The workflows of the catalog; requested at most every five minutes. */
  catalog(): Promise<readonly Workflow[]>;
  budget(): LaneBudget;
  /** The stored jobs, including those of other processes, page by page and without their snapshots. Empty without a store. */
  stored(query?: StoredPageQuery): Promise<StoredPage>;
  /** Calls back within seconds after another process has written into the store. Returns a function that unsubscribes. */
  onStoreChange(listener: () => void): () => void;
  /** A stored job in its current state, also one that another process drives; undefined if there is none. @throws StoreError if it cannot be read */
  look(id: string): Promise<KeptJob | undefined>;
  /** The history of a stored job: some hundred entries, without values, paths or URLs. */
  history(id: string, query?: HistoryQuery): Promise<HistoryPage>;
  /**
   * Removes an ended job from the list and the store; nothing is deleted on the server. False if there was none.
   * @throws InvalidInputError while it runs here; StoredJobError `held` while another process runs it
   */
  forget(id: string): Promise<boolean>;
  /**
   * Streams the result of a completed job through this process, with a URL that is requested each time and not exposed.
   * @throws GoalLaneError if there is no such job, or no result (any more)
   */
  openResult(id: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<OpenedResult>;
  /** Resolves when no socket, timer or promise of the lane is left. */
  close(options?: CloseOptions): Promise<void>;
}
