import type { SlotValue } from '../../../services/wire/wire-types.js';
import type { ProgressCurve } from './progress-curve.js';

/** A slot definition of a workflow. */
export interface EmulatedSlot {
  readonly slotId: string;
  /** `text`, `number`, `boolean`, `enum` or `list`; values are validated against it. */
  readonly type: 'text' | 'number' | 'boolean' | 'enum' | 'list';
  readonly label?: string;
  readonly description?: string;
  /** The allowed values of an `enum`. */
  readonly options?: readonly SlotValue[];
  /** Default true. */
  readonly required?: boolean;
  /** Longest allowed text. */
  readonly maxLength?: number;
}

/** A pause in execution ("Step 7: Interactive Checkpoints"). */
export interface EmulatedCheckpoint {
  readonly checkpointId: string;
  /** Fraction of the work that is done when it is reached, 0 to 1. */
  readonly at: number;
  readonly stepOutputPreview?: string;
  readonly slots: readonly EmulatedSlot[];
}

/** The downloadable result of a job. */
export type EmulatedResult =
  /** The uploaded files and a `manifest.json`. */
  | { readonly kind: 'zip'; readonly filename?: string }
  /** Pseudo-random bytes that are generated while sending, always the same: for measuring transfers. */
  | { readonly kind: 'random'; readonly bytes: number; readonly filename?: string };

export interface EmulatedExecution {
  /** Duration of the work from confirm to completion, without the time at checkpoints. A function is called for each job. */
  readonly durationMs: number | ((random: () => number) => number);
  /** How long the job shows `confirming`. Default 300. */
  readonly confirmingMs?: number;
  /** Names shown as `currentStep`, distributed evenly over the work. */
  readonly steps?: readonly string[];
  /** Default `linear`. */
  readonly curve?: ProgressCurve;
  readonly checkpoints?: readonly EmulatedCheckpoint[];
  readonly fails?: { readonly at: number; readonly error: string };
  readonly result?: EmulatedResult;
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
