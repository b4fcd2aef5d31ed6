/** The data of the remote API in one spelling. The wire mixes snake_case and camelCase; only `schemas.ts` deals with that. */

/** A value for a slot. The reference shows text; other JSON scalars and lists are accepted. */
export type SlotValue = string | number | boolean | null | readonly SlotValue[];

/**
 * A named value that a workflow asks for ("Step 1: Workflow Catalog", "Step 3: Create a Job" and "Step 7: Interactive
 * Checkpoints").
 */
export interface SlotDefinition {
  readonly slotId: string;
  /** `text` if the server does not state it. */
  readonly type: string;
  readonly label?: string;
  readonly description?: string;
  /** The allowed values, if the server lists them. */
  readonly options?: readonly SlotValue[];
  /** False only if the server says so. */
  readonly required: boolean;
  /** The value that the server already has, if it shows it. */
  readonly value?: SlotValue;
}

/** One slot, filled ("Step 4: Fill Required Slots"). */
export interface SlotAnswer {
  readonly slotId: string;
  readonly value: SlotValue;
}

/** A catalog item ("Step 1: Workflow Catalog"). */
export interface Workflow {
  readonly specId: string;
  readonly name: string;
  readonly description: string;
  /** Lower-case extensions without the dot; empty if the server names none (any file is allowed). */
  readonly supportedInputFormats: readonly string[];
  readonly requiredSlots: readonly SlotDefinition[];
  /** Maximum total upload size in bytes. */
  readonly maxInputSizeBytes?: number;
  readonly minFileCount?: number;
}

export const JOB_STATUSES = [
  'pending',
  'confirming',
  'executing',
  'slot_needed',
  'completed',
  'failed',
] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** A pause in execution that shows a preview and asks for slots ("Step 7: Interactive Checkpoints"). */
export interface Checkpoint {
  readonly checkpointId: string;
  readonly stepOutputPreview?: string;
  readonly slots: readonly SlotDefinition[];
}

/** The content of a status read ("Step 6: Poll for Status"). */
export interface StatusReading {
  /** `unknown` for a word the reference does not list; `statusWord` holds it as sent. */
  readonly status: JobStatus | 'unknown';
  readonly statusWord: string;
  /** Percent, 0 to 100, as sent: it may stall or decrease. */
  readonly progress?: number;
  readonly currentStep?: string;
  readonly checkpoint?: Checkpoint;
  readonly itemVersion?: number;
  /** Why the job failed (only with status `failed`). */
  readonly error?: string;
}

/**
 * A job as create, read, PATCH and confirm return it ("Step 3: Create a Job" to "Step 5: Confirm & Start Execution"); a reading
 * with an id and slots.
 */
export interface Job extends StatusReading {
  readonly jobSpecId: string;
  /** Empty if the job asks for no slots; absent if it does not say. */
  readonly slots?: readonly SlotDefinition[];
  readonly workflowId?: string;
}

/** The reply to a PATCH or a confirm: the job, or nothing (a 202 without a body). */
export type JobEcho = Partial<Omit<Job, 'jobSpecId'>> & { readonly jobSpecId: string };

/** A pre-signed URL ("Step 8: Download Results"), valid for an hour. */
export interface Download {
  /** A secret: anyone who has it can read the result. Empty if it was deliberately left out (a stored snapshot). */
  readonly url: string;
  /** Epoch ms; absent if the server does not state it. */
  readonly expiresAt?: number;
  /** As the server sent it: not safe as a path. */
  readonly filename?: string;
}
