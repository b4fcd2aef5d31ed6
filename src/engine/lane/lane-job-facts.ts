import type { QueueRank } from '../store/record/job-record.js';

/** What the port layers need to know of the calling job. */
export interface LaneJobFacts extends QueueRank {
  /** Undefined if this lane did not start the job. */
  readonly workflowId: string | undefined;
}
