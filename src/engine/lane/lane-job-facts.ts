import type { QueueRank } from '../store/record/job-record.js';

/** What the layers of the ports ask of the lane about the job that calls. */
export interface LaneJobFacts extends QueueRank {
  /** Undefined for a job that this lane did not see from its start. */
  readonly workflowId: string | undefined;
}
