import type { SlotValue } from '../services/wire/wire-types.js';

/** How often and how long a failing call is tried again. */
export interface RetryLimits {
  /** Upper bound of the first pause, in ms. */
  readonly baseMs: number;
  /** Upper bound of any pause, in ms. */
  readonly capMs: number;
  /** Tries in a row, the first included. */
  readonly maxAttempts: number;
  /** Time in a row, in ms, counted from the first failure. */
  readonly maxTotalMs: number;
}

export interface JobOptions {
  /** Values for the slots that the workflow requires before execution. Where the catalog lists slots, an unknown one is refused. */
  readonly slots?: Readonly<Record<string, SlotValue>>;
  /** Values for any slot, at checkpoints too. A list of values is used in turn. */
  readonly answers?: Readonly<Record<string, SlotValue | readonly SlotValue[]>>;
  /** `manual` waits for `CONFIRM` before execution starts. Default `auto`. */
  readonly confirm?: 'auto' | 'manual';
  /** What to do about a slot without a value: wait for a person (`ask`, default), or end (`fail`). */
  readonly missingSlots?: 'ask' | 'fail';
  /**
   * What to do when it cannot be known whether a create was acted upon. `ask` (default) waits for a person, `fail` lets go
   * (`detached`, reason `outcome-unknown`: the process that resumes it decides). `retry` may create a second job.
   */
  readonly onUnknownOutcome?: 'ask' | 'retry' | 'fail';
  /** What to do when another actor gave one of our slots another value. Default `ask`. */
  readonly onSlotConflict?: 'ask' | 'ours' | 'theirs';
  /** What to do about a file of 0 bytes: end before anything is sent (`refuse`, default), or send it. */
  readonly emptyFiles?: 'refuse' | 'allow';
  /** What to do about a file that is given twice, under one name or several: end before anything is sent (`refuse`, default), or send it twice. */
  readonly repeatedFiles?: 'refuse' | 'allow';
  /** `save` fetches the result through the `saveResult` port; `link` ends with the pre-signed URL. Default `save`. */
  readonly delivery?: 'save' | 'link';
  /** Overall deadline (epoch ms): a job that would wait longer ends in `detached`, resumable. Default: none. */
  readonly deadlineAt?: number;
  readonly retry?: Partial<RetryLimits>;
}

/** Starts a new job. */
export interface NewJobInput extends JobOptions {
  readonly workflowId: string;
  /** Handles of the files: paths in Node, registered names for Blobs. */
  readonly files: readonly string[];
  readonly jobSpecId?: never;
}

/** Follows a job that exists already, in whatever state the server says it is. */
export interface AttachInput extends JobOptions {
  readonly jobSpecId: string;
  readonly workflowId?: never;
  readonly files?: never;
}

export type JobInput = NewJobInput | AttachInput;
