import type { JobSummary } from './record/job-summary.js';
import type { StoreError } from './store-error.js';

/** Which stored jobs to return, and where to continue. */
export interface PageQuery {
  /** Lifecycle states to include; absent: all jobs. */
  readonly states?: readonly string[] | undefined;
  /** The order, by the time a job was first stored. Default `newest`. */
  readonly first?: 'newest' | 'oldest' | undefined;
  /** `next` of the previous page. An invalid one starts at the beginning. */
  readonly after?: string | undefined;
  /** Default 100. */
  readonly limit?: number | undefined;
}

/** Some of the stored jobs, read without their snapshots. An unreadable one does not hide the others. */
export interface JobPage {
  readonly jobs: readonly JobSummary[];
  readonly unreadable: readonly { readonly id: string; readonly error: StoreError }[];
  /** Absent on the last page. A page may contain fewer jobs than requested although more follow. */
  readonly next?: string;
}

export const PAGE_LIMIT = 100;

/** One job in a page, with its position in the order in which jobs were first stored. */
export interface PagedJob {
  readonly place: number;
  readonly id: string;
  readonly read: () => JobSummary;
}

/** The position after which a page begins. */
export const placeAfter = ({ after }: PageQuery): number | undefined =>
  after !== undefined && /^-?\d+$/.test(after) ? Number(after) : undefined;
