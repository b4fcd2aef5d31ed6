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

/** All the jobs that a lane shows, in the order in which they came. */
export interface LaneView {
  readonly jobs: readonly LaneJob[];
}

/** What shows the jobs of a key. A lane is one; a client of a fleet is one where it has these functions. */
export interface LaneSource {
  /** The same object until something changes. */
  view(): LaneView;
  /** Calls back after every change of the view. Returns what ends it. */
  subscribe(listener: (view: LaneView) => void): () => void;
  /** By our own id or by `jobSpecId`. */
  job(id: string): JobSource | undefined;
}

/** The process that drives a stored job. */
export interface JobDriver {
  readonly pid: number;
  /** The name of its machine; absent where it is this one. */
  readonly machine?: string;
}

/** A stored job as it stands, whoever drives it. */
export interface KeptJob extends LaneJob {
  /** Epoch ms. */
  readonly createdAt: number;
}

/** A job as the store lists it, without what is inside. Times are epoch ms. */
export interface StoredJobRow {
  readonly id: string;
  readonly jobSpecId?: string;
  readonly workflowId?: string;
  readonly state: JobLifecycle;
  readonly tags?: readonly string[];
  readonly step?: string;
  /** Percent. */
  readonly progress?: number;
  /** In words, and until when where that is known. */
  readonly waitsFor?: { readonly reason: string; readonly until?: number };
  readonly createdAt: number;
  readonly updatedAt?: number;
  readonly retention?: JobRetention;
  /** Absent where no process that lives is known to drive it. */
  readonly driver?: JobDriver;
}

/** Which stored jobs are wanted: the newest first. */
export interface StoredPageQuery {
  /** Default: all. */
  readonly states?: readonly string[];
  /** `next` of the page before. */
  readonly after?: string;
  /** Default 100, at most 1,000. */
  readonly limit?: number;
}

export interface StoredPage {
  readonly jobs: readonly StoredJobRow[];
  /** Absent where this is the last page. */
  readonly next?: string;
}

/** Something that a job did, as it is kept: the type of an event, or `moved` to another state, and what it is about. */
export interface HistoryEntry {
  /** Counts from 1 for each job, over every process that drove it. */
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  readonly type: JobEmitted['type'] | 'moved';
  /** On an allow-list: no value of a slot, no preview, no path, no URL. */
  readonly about: Readonly<Record<string, string | number | boolean>>;
}

export interface HistoryQuery {
  /** Only entries before this `seq`. Default: the newest. */
  readonly before?: number;
  /** Default 100, at most 1,000. */
  readonly limit?: number;
}

export interface HistoryPage {
  /** Oldest first. */
  readonly entries: readonly HistoryEntry[];
  /** The `before` of the page that comes before this one; absent where there is none. */
  readonly before?: number;
}

/** What a server over a lane or a fleet needs besides: what is missing cannot be shown there. */
export interface SteeredLaneSource extends LaneSource {
  start(
    input: JobInput & { readonly id?: string; readonly priority?: number },
  ): JobSource | Promise<JobSource>;
  catalog(): Promise<readonly Workflow[]>;
  /** What is stored, jobs of other processes included. */
  stored?(query?: StoredPageQuery): Promise<StoredPage>;
  /** A stored job with all that is shown of it, without driving it. Undefined where there is none. */
  look?(id: string): Promise<KeptJob | undefined>;
  history?(id: string, query?: HistoryQuery): Promise<HistoryPage>;
  /** Takes a job that has ended off the list and out of the store; nothing is deleted at the server. False where there was none. */
  forget?(id: string): Promise<boolean>;
  /** Rejects with a GoalLaneError where there is no result. */
  openResult?(id: string, options?: { readonly signal?: AbortSignal }): Promise<OpenedResult>;
  /** Calls back soon after another process has changed what is stored. Returns what ends it. */
  onStoreChange?(listener: () => void): () => void;
}
