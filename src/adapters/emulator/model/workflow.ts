import type { SlotValue } from '../../../services/wire/wire-types.js';
import type { ProgressCurve } from './progress-curve.js';

/** A slot definition of a workflow. */
export interface EmulatedSlot {
  readonly slotId: string;
  /** `text`, `number`, `boolean`, `enum` or `list`; values are validated against it. */
  readonly type: 'text' | 'number' | 'boolean' | 'enum' | 'list';
  readonly label?: string | undefined;
  readonly description?: string | undefined;
  /** The allowed values of an `enum`. */
  readonly options?: readonly SlotValue[] | undefined;
  /** Default true. */
  readonly required?: boolean | undefined;
  /** Longest allowed text. */
  readonly maxLength?: number | undefined;
}

/** A pause in execution ("Step 7: Interactive Checkpoints"). */
export interface EmulatedCheckpoint {
  readonly checkpointId: string;
  /** Fraction of the work that is done when it is reached, 0 to 1. */
  readonly at: number;
  readonly stepOutputPreview?: string | undefined;
  readonly slots: readonly EmulatedSlot[];
}

/** The downloadable result of a job. */
export type EmulatedResult =
  /** The uploaded files and a `manifest.json`. */
  | { readonly kind: 'zip'; readonly filename?: string | undefined }
  /** Pseudo-random bytes that are generated while sending, always the same: for measuring transfers. */
  | { readonly kind: 'random'; readonly bytes: number; readonly filename?: string | undefined };

export interface EmulatedExecution {
  /** Duration of the work from confirm to completion, without the time at checkpoints. A function is called for each job. */
  readonly durationMs: number | ((random: () => number) => number);
  /** How long the job shows `confirming`. Default 300. */
  readonly confirmingMs?: number | undefined;
  /** Names shown as `currentStep`, distributed evenly over the work. */
  readonly steps?: readonly string[] | undefined;
  /** Default `linear`. */
  readonly curve?: ProgressCurve | undefined;
  readonly checkpoints?: readonly EmulatedCheckpoint[] | undefined;
  readonly fails?: { readonly at: number; readonly error: string } | undefined;
  readonly result?: EmulatedResult | undefined;
}

/** A catalog item ("Step 1: Workflow Catalog") and its behaviour when run. */
export interface EmulatedWorkflow {
  readonly specId: string;
  readonly name: string;
  readonly description: string;
  readonly supportedInputFormats: readonly string[];
  readonly requiredSlots: readonly EmulatedSlot[];
  readonly maxInputSizeBytes: number;
  readonly minFileCount: number;
  readonly execution: EmulatedExecution;
}
