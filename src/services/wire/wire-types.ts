/**
 * What the remote API says, in one spelling. The wire mixes snake_case and camelCase;
 * `schemas.ts` is the only place that knows, everything else reads these.
 */

/** A value given to a slot. The reference shows text; other JSON scalars and lists are let through. */
export type SlotValue = string | number | boolean | null | readonly SlotValue[];

/** A named value that a workflow asks for (Steps 1, 3 and 7). */
export interface SlotDefinition {
  readonly slotId: string;
  /** `text` where the server does not say. */
  readonly type: string;
  readonly label?: string;
  readonly description?: string;
  /** The values that are allowed, where the server lists them. */
  readonly options?: readonly SlotValue[];
  /** False only where the server says so. */
  readonly required: boolean;
  /** The value the server already holds, where it tells. */
  readonly value?: SlotValue;
}

/** One slot, filled (Step 4). */
export interface SlotAnswer {
  readonly slotId: string;
  readonly value: SlotValue;
}

/** A catalog item (Step 1). */
export interface Workflow {
  readonly specId: string;
  readonly name: string;
  readonly description: string;
  /** Lower-case extensions without the dot; empty where the server names none (anything goes). */
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

/** A pause in execution that shows a preview and asks for slots (Step 7). */
export interface Checkpoint {
  readonly checkpointId: string;
  readonly stepOutputPreview?: string;
  readonly slots: readonly SlotDefinition[];
}

/** What a status read says (Step 6). */
export interface StatusReading {
  /** `unknown` for a word the reference does not list; `statusWord` holds it as sent. */
  readonly status: JobStatus | 'unknown';
  readonly statusWord: string;
  /** Percent, 0 to 100, as sent: it may stall or run backwards. */
  readonly progress?: number;
  readonly currentStep?: string;
  readonly checkpoint?: Checkpoint;
  readonly itemVersion?: number;
  /** Why the job failed (only with status `failed`). */
  readonly error?: string;
}

/** A job as create, read, PATCH and confirm return it (Steps 3 to 5); a reading with an id and slots. */
export interface Job extends StatusReading {
  readonly jobSpecId: string;
  /** Empty where the job says that it asks for none; absent where it does not say. */
  readonly slots?: readonly SlotDefinition[];
  readonly workflowId?: string;
}

/** What a PATCH or a confirm says back: the job, or nothing (a 202 with no body). */
export type JobEcho = Partial<Omit<Job, 'jobSpecId'>> & { readonly jobSpecId: string };

/** A pre-signed URL (Step 8), valid for an hour. */
export interface Download {
  /** A secret: anyone who holds it can read the result. Empty where it was left out on purpose (a stored snapshot). */
  readonly url: string;
  /** Epoch ms; absent where the server does not tell. */
  readonly expiresAt?: number;
  /** As the server sent it: not safe as a path. */
  readonly filename?: string;
}
