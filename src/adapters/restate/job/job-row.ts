/** What a list of jobs shows, so that nobody has to look inside. The time comes first: the order of the texts is that of the times. */
export interface JobRow {
  /** Epoch ms. */
  readonly createdAt: number;
  readonly state: string;
  readonly keyId: string;
  readonly workflowId?: string;
  readonly jobSpecId?: string;
}
