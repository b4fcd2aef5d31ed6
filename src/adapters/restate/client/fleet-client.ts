import type { JobSource } from '../../../engine/job/source/job-source.js';
import type { JobView } from '../../../engine/job/source/job-view.js';
import type {
  HistoryPage,
  HistoryQuery,
  KeptJob,
  LaneSource,
  StoredPage,
  StoredPageQuery,
} from '../../../engine/job/source/lane-source.js';
import type { JobCommand, JobEmitted } from '../../../machines/job-events.js';
import type { JobInput } from '../../../machines/job-input.js';
import type { JobOutput } from '../../../machines/job-output.js';
import type { Workflow } from '../../../services/wire/wire-types.js';

/**
 * An event of a job, numbered from 1 across all processes that drove it. Of progress events only the newest is kept, so numbers
 * may be missing; no event comes twice.
 */
export type FleetEvent = JobEmitted & { readonly seq: number; readonly at: number };

export interface FleetEventsOptions {
  /** The `seq` of the last known event; default 0, from the beginning. */
  readonly since?: number | undefined;
  /** Ends the iteration. */
  readonly signal?: AbortSignal | undefined;
}

export interface FleetWaitOptions {
  /** Ends the wait, which rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A job on the durable engine, driven by any process. Its state is requested over the network; as a `JobSource` it fits consoles
 * and hooks. Like a handle of a lane it is an iterable of its events, here from the first one on.
 */
export interface FleetJob extends JobSource, AsyncIterable<FleetEvent> {
  /**
   * Returns the last known view immediately. If it is older than a second, a new one is requested in the background; `refresh`
   * waits for it.
   */
  view(): JobView;
  /** @throws NotFoundError if the engine has no such job, or it ended more than a day ago */
  refresh(): Promise<JobView>;
  /** @throws NotFoundError as `refresh` does */
  confirm(): Promise<void>;
  /**
   * A job that has ended takes no notice. A RETRY is about the create that this handle has seen to be unknown: sent again after a
   * network failure, it decides nothing about a later one. @throws NotFoundError as `refresh` does
   */
  send(command: JobCommand): Promise<void>;
  /**
   * Listens to one type of event, or to all with `*`, from the job's first event on. Returns a function that unsubscribes. Errors
   * of a listener are ignored.
   */
  on<Type extends FleetEvent['type']>(
    type: Type,
    listener: (event: Extract<FleetEvent, { type: Type }>) => void,
  ): () => void;
  on(type: '*', listener: (event: FleetEvent) => void): () => void;
  /** Ends with the job. Continues after engines and workers were unavailable. */
  events(options?: FleetEventsOptions): AsyncIterableIterator<FleetEvent>;
  /** Resolves with the output, whether the job completed, failed or was detached. Kept for a day after the end. */
  result(options?: FleetWaitOptions): Promise<JobOutput>;
  /** Detaches from the job; it continues on the server. */
  detach(): Promise<JobOutput>;
}

export interface FleetStartOptions {
  /**
   * The host's own id for the job: a second start with the same id returns the same job and starts nothing. Remembered for a week
   * after the start. Default: a random id.
   */
  readonly id?: string | undefined;
  /** The name under which the workers know the API key. Default: that of the client. */
  readonly key?: string | undefined;
  /** Waiting jobs with a higher priority start first. Default 0. */
  readonly priority?: number | undefined;
}

/** The outcome of resuming detached jobs. */
export interface FleetResumption {
  readonly refused: readonly { readonly id: string; readonly error: unknown }[];
  /** The new ids of the resumed jobs. */
  readonly moved: readonly { readonly id: string; readonly as: string }[];
}

export interface FleetPageQuery {
  /** One of the states of a job, such as `slot_needed` or `failed`. Default: all that have not ended. */
  readonly state?: string | undefined;
  /** The `next` of the previous page. */
  readonly page?: string | undefined;
  /** Default 100, at most 1,000. */
  readonly limit?: number | undefined;
}

/** The jobs of a fleet, for any process that can reach the engine. */
export interface FleetClient extends LaneSource {
  /**
   * Resolves when the engine has stored the job, which then runs in any case. Files are paths on a disk that all workers share,
   * or `https:` and `file:` URLs that the workers stream from; a URL with a signature would be stored and is refused (the
   * workers' `openFile` makes those).
   * @throws InvalidInputError before anything is sent; NetworkError where the engine cannot be reached: start again under the
   * same id, which its advice names
   */
  start(options: JobInput & FleetStartOptions): Promise<FleetJob>;
  /** The job with this id; `refresh` shows whether it exists. */
  job(id: string): FleetJob;
  /** The running jobs of the engine, newest first. */
  jobs(query?: FleetPageQuery): Promise<StoredPage>;
  /** The same, including jobs that ended within a day. */
  stored(query?: StoredPageQuery): Promise<StoredPage>;
  /** One job, including those that ended within a day; undefined if the engine has none with this id. */
  look(id: string): Promise<KeptJob | undefined>;
  /** The events and changes of state of a job, as far as the engine keeps them; without values, file paths and URLs. */
  history(id: string, query?: HistoryQuery): Promise<HistoryPage>;
  /**
   * Removes an ended job from the engine's lists, with its events and output. A second start with its id still starts nothing.
   * False if there was none. @throws InvalidInputError while it runs
   */
  forget(id: string): Promise<boolean>;
  /**
   * Follows jobs again that were detached here and continue on the server. Each gets a new id, and the old entry is removed.
   * Rejects only if the arguments are wrong; each job that cannot be resumed is in `refused`.
   */
  resume(ids: readonly string[]): Promise<FleetResumption>;
  /**
   * The workflows of the client's key, requested from a worker at most every five minutes. @throws GoalLaneError of the worker's
   * request
   */
  catalog(): Promise<readonly Workflow[]>;
  /** Stops requesting views. Jobs continue. */
  close(): void;
}

export interface FleetClientOptions {
  /** URL of the engine. Default `http://127.0.0.1:8080`. */
  readonly ingress?: string | undefined;
  /** URL of the engine's admin API, for lists. Default: port 9070 of the same machine. */
  readonly admin?: string | undefined;
  /** The name of the API key that jobs are started with. Default `default`. */
  readonly key?: string | undefined;
  /** Headers of every request, for an engine behind a gateway that requires them. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}
