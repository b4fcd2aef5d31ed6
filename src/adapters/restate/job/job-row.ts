/** The entry of a job in lists, so that they need not decode the job. The time comes first, so the texts sort by time. */
export interface JobRow {
  /** Epoch ms. */
  readonly createdAt: number;
  readonly state: string;
  readonly keyId: string;
  readonly workflowId?: string;
  readonly jobSpecId?: string;
}
