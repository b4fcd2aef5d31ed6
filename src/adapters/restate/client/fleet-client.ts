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
 * An event of a job, numbered from 1 over all the processes that drove it. Of progress only the newest is kept, so that numbers may be
 * missing; what is told never comes twice.
 */
export type FleetEvent = JobEmitted & { readonly seq: number; readonly at: number };

export interface FleetEventsOptions {
  /** The `seq` of the last event that is known; default 0, from the beginning. */
  readonly since?: number;
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
}

export interface FleetWaitOptions {
  /** Ends the wait: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A job that runs on the durable engine, wherever. What it shows is asked for over the network; `JobSource` fits consoles and hooks. */
export interface FleetJob extends JobSource {
  /** What is known here, and at once: a view that is older than a second is asked for again meanwhile. `refresh` waits for it. */
  view(): JobView;
  /** @throws NotFoundError where the engine holds no such job, or its end is longer ago than a day */
  refresh(): Promise<JobView>;
  confirm(): Promise<void>;
  send(command: JobCommand): Promise<void>;
  /** Ends with the job. Goes on over engines and workers that are away. */
  events(options?: FleetEventsOptions): AsyncIterable<FleetEvent>;
  /** Resolves with the output whatever it is. Kept for a day after the end. */
  result(options?: FleetWaitOptions): Promise<JobOutput>;
  /** Lets go of the job; the one on the server lives on. */
  detach(): Promise<JobOutput>;
}

export interface FleetStartOptions {
  /**
   * The host's own name for the job: a second start under the same name is the same job, and starts nothing. Known until a week after
   * the start. Default: a random one.
   */
  readonly id?: string;
  /** The name of the API key with the workers. Default that of the client. */
  readonly key?: string;
  /** Higher goes first among those that wait for a place. Default 0. */
  readonly priority?: number;
}

export interface FleetPageQuery {
  /** Default: all that have not ended. */
  readonly state?: string;
  /** `next` of the page before. */
  readonly page?: string;
  /** Default 100, at most 1,000. */
  readonly limit?: number;
}

/** The jobs of a fleet, for any process that can reach the engine. */
export interface FleetClient extends LaneSource {
  /**
   * Resolves when the engine has the job: whatever happens then, it runs.
   * Files are paths on a disk that all workers share, or `https:` and `file:` URLs that the workers stream from; a URL with a
   * signature would be stored and is refused (the workers' `openFile` makes those).
   * @throws InvalidInputError before anything is sent; NetworkError where the engine cannot be reached: start again under the same id
   */
  start(options: JobInput & FleetStartOptions): Promise<FleetJob>;
  /** The job of that name; whether there is one is known by its `refresh`. */
  job(id: string): FleetJob;
  /** What the engine holds, newest first. */
  jobs(query?: FleetPageQuery): Promise<StoredPage>;
  /** The same page by page, those that ended within a day included. */
  stored(query?: StoredPageQuery): Promise<StoredPage>;
  /** One job, also one that ended within a day; undefined where the engine holds none of that name. */
  look(id: string): Promise<KeptJob | undefined>;
  /** What a job did, as far as the engine keeps it; without a value, a path or a URL. */
  history(id: string, query?: HistoryQuery): Promise<HistoryPage>;
  /** The workflows of the client's key, asked of a worker at most every five minutes. @throws GoalLaneError what the worker was told */
  catalog(): Promise<readonly Workflow[]>;
  /** Stops asking for views. Jobs go on. */
  close(): void;
}

export interface FleetClientOptions {
  /** Of the engine. Default `http://127.0.0.1:8080`. */
  readonly ingress?: string;
  /** Of the engine's administration, for lists. Default: port 9070 of the same machine. */
  readonly admin?: string;
  /** The name of the API key that jobs are started with. Default `default`. */
  readonly key?: string;
  /** Headers of every request, for an engine behind a gateway that wants them. */
  readonly headers?: Readonly<Record<string, string>>;
}
