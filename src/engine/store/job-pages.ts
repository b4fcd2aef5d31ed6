import type { JobSummary } from './record/job-summary.js';
import type { StoreError } from './store-error.js';

/** Which of the stored jobs, and where to go on. */
export interface PageQuery {
  /** Lifecycle states, all of which are wanted; absent: every job. */
  readonly states?: readonly string[];
  /** By when a job was stored first. Default `newest`. */
  readonly first?: 'newest' | 'oldest';
  /** `next` of the page before. One that is none begins at the beginning. */
  readonly after?: string;
  /** Default 100. */
  readonly limit?: number;
}

/** Some of the stored jobs, read without their snapshots. One that cannot be read does not hide the others. */
export interface JobPage {
  readonly jobs: readonly JobSummary[];
  readonly unreadable: readonly { readonly id: string; readonly error: StoreError }[];
  /** Absent on the last page. A page may hold fewer jobs than were asked for, and more may follow. */
  readonly next?: string;
}

export const PAGE_LIMIT = 100;

/** One job of the store within a page: its place in the order in which jobs were first stored. */
export interface PagedJob {
  readonly place: number;
  readonly id: string;
  readonly read: () => JobSummary;
}

/** The place after which a page begins. */
export const placeAfter = ({ after }: PageQuery): number | undefined =>
  after !== undefined && /^-?\d+$/.test(after) ? Number(after) : undefined;
