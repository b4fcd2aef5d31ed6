import type { SlotValue } from '../services/wire/wire-types.js';

/** How often and for how long a failing call is retried. */
export interface RetryLimits {
  /** Upper bound of the first pause, in ms. */
  readonly baseMs: number;
  /** Upper bound of any pause, in ms. */
  readonly capMs: number;
  /** Consecutive attempts, including the first. */
  readonly maxAttempts: number;
  /** Time spent on consecutive failures, in ms, counted from the first failure. */
  readonly maxTotalMs: number;
}

/** Some of them. */
export type GivenRetryLimits = { readonly [Limit in keyof RetryLimits]?: RetryLimits[Limit] | undefined };

export interface JobOptions {
  /** Values for the slots that the workflow requires before execution. Where the catalog lists slots, an unknown one is rejected. */
  readonly slots?: Readonly<Record<string, SlotValue>> | undefined;
  /** Values for any slot, at checkpoints too. A list of values is used in turn. */
  readonly answers?: Readonly<Record<string, SlotValue | readonly SlotValue[]>> | undefined;
  /** `manual` waits for `CONFIRM` before execution starts. Default `auto`. */
  readonly confirm?: 'auto' | 'manual' | undefined;
  /** What to do about a slot without a value: wait for a person (`ask`, default), or end (`fail`). */
  readonly missingSlots?: 'ask' | 'fail' | undefined;
  /**
   * What to do if it is unknown whether a create had an effect. `ask` (default) waits for a person; `fail` ends in `detached`
   * with reason `outcome-unknown`, and the process that resumes the job decides; `retry` may create a second job.
   */
  readonly onUnknownOutcome?: 'ask' | 'retry' | 'fail' | undefined;
  /** What to do when another actor gave one of our slots another value. Default `ask`. */
  readonly onSlotConflict?: 'ask' | 'ours' | 'theirs' | undefined;
  /** What to do about a file of 0 bytes: fail before anything is sent (`refuse`, default), or send it. */
  readonly emptyFiles?: 'refuse' | 'allow' | undefined;
  /**
   * What to do about a file that is given twice, under one name or several: fail before anything is sent (`refuse`, default), or
   * send it twice.
   */
  readonly repeatedFiles?: 'refuse' | 'allow' | undefined;
  /** `save` fetches the result through the `saveResult` port; `link` ends with the pre-signed URL. Default `save`. */
  readonly delivery?: 'save' | 'link' | undefined;
  /** Overall deadline (epoch ms): a job that would have to wait longer ends in `detached` and can be resumed. Default: none. */
  readonly deadlineAt?: number | undefined;
  readonly retry?: GivenRetryLimits | undefined;
}

/** Starts a new job. */
export interface NewJobInput extends JobOptions {
  readonly workflowId: string;
  /** Handles of the files: paths in Node, registered names for Blobs. */
  readonly files: readonly string[];
  readonly jobSpecId?: never | undefined;
}

/** Follows a job that already exists, in any state. */
export interface AttachInput extends JobOptions {
  readonly jobSpecId: string;
  readonly workflowId?: never | undefined;
  readonly files?: never | undefined;
}

export type JobInput = NewJobInput | AttachInput;
