import type { JobEmitted } from '../../../machines/job-events.js';
import type { JobInput } from '../../../machines/job-input.js';
import type { OpenedResult } from '../../../services/open-result.js';
import type { Workflow } from '../../../services/wire/wire-types.js';
import type { JobSource } from './job-source.js';
import type { JobLifecycle, JobRetention, JobView } from './job-view.js';

/** One of the jobs of a lane. The same object until its view changes. */
export interface LaneJob {
  readonly id: string;
  readonly view: JobView;
}

/** All jobs that a lane shows, in order of arrival. */
export interface LaneView {
  readonly jobs: readonly LaneJob[];
}

/** Shows the jobs of a key. A lane is one, and so can be a client of a fleet. */
export interface LaneSource {
  /** The same object until something changes. */
  view(): LaneView;
  /** Calls back after every change of the view. Returns a function that unsubscribes. */
  subscribe(listener: (view: LaneView) => void): () => void;
  /** Finds a job by our own id or by `jobSpecId`. */
  job(id: string): JobSource | undefined;
}

/** The process that drives a stored job. */
export interface JobDriver {
  readonly pid: number;
  /** The name of its machine; absent if it is this one. */
  readonly machine?: string;
}

/** A stored job in its current state, whichever process drives it. */
export interface KeptJob extends LaneJob {
  /** Epoch ms. */
  readonly createdAt: number;
}

/** A job in a list of the store, without its snapshot. Times are epoch ms. */
export interface StoredJobRow {
  readonly id: string;
  readonly jobSpecId?: string;
  readonly workflowId?: string;
  readonly state: JobLifecycle;
  readonly tags?: readonly string[];
  readonly step?: string;
  /** Percent. */
  readonly progress?: number;
  /** The reason in words, and until when, if known. */
  readonly waitsFor?: { readonly reason: string; readonly until?: number };
  readonly createdAt: number;
  readonly updatedAt?: number;
  readonly retention?: JobRetention;
  /** Absent if no living process is known to drive it. */
  readonly driver?: JobDriver;
}

/** Which stored jobs to return, newest first. */
export interface StoredPageQuery {
  /** Default: all. */
  readonly states?: readonly string[] | undefined;
  /** `next` of the previous page. */
  readonly after?: string | undefined;
  /** Default 100, at most 1,000. */
  readonly limit?: number | undefined;
}

export interface StoredPage {
  readonly jobs: readonly StoredJobRow[];
  /** Absent on the last page. */
  readonly next?: string;
}

/** One entry of a job's history: the type of an event, or `moved` for a change of state, with details. */
export interface HistoryEntry {
  /** Counts from 1 for each job, across all processes that drove it. */
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  readonly type: JobEmitted['type'] | 'moved';
  /** Details from an allow-list: no slot values, previews, paths or URLs. */
  readonly about: Readonly<Record<string, string | number | boolean>>;
}

export interface HistoryQuery {
  /** Only entries before this `seq`. Default: the newest. */
  readonly before?: number | undefined;
  /** Default 100, at most 1,000. */
  readonly limit?: number | undefined;
}

export interface HistoryPage {
  /** Oldest first. */
  readonly entries: readonly HistoryEntry[];
  /** The `before` for the previous page; absent if there is none. */
  readonly before?: number;
}

/** What a server for a lane or a fleet needs in addition. If something is missing, it is not offered there. */
export interface SteeredLaneSource extends LaneSource {
  start(
    input: JobInput & { readonly id?: string | undefined; readonly priority?: number | undefined },
  ): JobSource | Promise<JobSource>;
  catalog(): Promise<readonly Workflow[]>;
  /** The stored jobs, including those of other processes. */
  stored?(query?: StoredPageQuery): Promise<StoredPage>;
  /** The view of a stored job, without driving it. Undefined if there is none. */
  look?(id: string): Promise<KeptJob | undefined>;
  history?(id: string, query?: HistoryQuery): Promise<HistoryPage>;
  /** Removes an ended job from the list and the store; nothing is deleted on the server. False if there was none. */
  forget?(id: string): Promise<boolean>;
  /** Rejects with a GoalLaneError if there is no result. */
  openResult?(id: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<OpenedResult>;
  /** Calls back soon after another process has changed the store. Returns a function that unsubscribes. */
  onStoreChange?(listener: () => void): () => void;
}
