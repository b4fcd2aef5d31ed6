import type { Failure } from '../services/failure.js';
import type { Download, SlotDefinition, Workflow } from '../services/wire/wire-types.js';
import type { CallState } from './call-state.js';
import { retryLimits } from './failure/retry-limits.js';
import { DEFAULT_RETRY, type Setback } from './failure/retry-policy.js';
import type { JobInput, RetryLimits } from './job-input.js';
import type { DetachReason, JobOutput } from './job-output.js';
import type { FileFacts, SavedResult } from './ports.js';
import type { AnswerCursors, Question } from './question/question.js';

export interface UploadRecord {
  readonly fileId: string;
  /** Epoch ms: a file that no job uses expires 24 h later ("Step 2: Upload a File"). */
  readonly uploadedAt: number;
}

/** The question that was confirmed last. A reading that shows it again is stale. */
export interface AnsweredQuestion {
  /** Absent for the slots before execution. */
  readonly checkpointId: string | undefined;
  readonly itemVersion: number | undefined;
  /** As it was confirmed. If the server insists that it is still open, it is reopened with nothing new to send. */
  readonly question: Question;
}

/**
 * Everything a job knows: plain JSON, with absolute times (epoch ms), without the key. Its fields follow the chart and may change
 * with any release; only `JobView` (`viewOf(snapshot)`, a handle's `view()`) is kept stable.
 */
export interface JobContext {
  readonly input: JobInput;
  readonly retry: RetryLimits;
  readonly files: readonly FileFacts[];
  /** One entry per file, in the order of `files`. */
  readonly uploads: readonly (UploadRecord | null)[];
  /** How often expired files were uploaded again; at most once. */
  readonly reuploads: number;
  readonly workflow: Workflow | undefined;
  /** One-use permission to create, issued by the process that will send the create (law 1, never twice). */
  readonly ticket: string | undefined;
  /**
   * True once the outcome of a create was unknown: a job without a known id may exist (law 1, never twice), whatever happened to
   * later creates.
   */
  readonly mayExist: boolean;
  readonly jobSpecId: string | undefined;
  /** The highest version seen; only ever read from the server. */
  readonly itemVersion: number | undefined;
  readonly statusWord: string | undefined;
  readonly progress: number | undefined;
  readonly currentStep: string | undefined;
  /** Slots as the job itself lists them (before execution). */
  readonly slots: readonly SlotDefinition[];
  /** The question that is open. */
  readonly question: Question | undefined;
  readonly turns: AnswerCursors;
  readonly answered: AnsweredQuestion | undefined;
  /** Consecutive readings that were older than the state we know. */
  readonly staleReadings: number;
  /** Consecutive PATCHes that were accepted without the job continuing. */
  readonly fills: number;
  /** The host sent `CONFIRM`. */
  readonly startAllowed: boolean;
  /** True if the server changed the job without returning the new version: the job is read before anything is sent. */
  readonly versionDoubted: boolean;
  /** The item version that the last PATCH or confirm carried. */
  readonly sentVersion: number | undefined;
  /** The item version that the server last refused (409). It is not sent again before a newer one was read (law 2, never stale). */
  readonly refusedVersion: number | undefined;
  /** True once an item version was read together with a checkpoint: a `pending` without a version is older than that. */
  readonly metCheckpoint: boolean;
  /** Epoch ms of the last status reply (or of the confirm, before the first). */
  readonly lastReadAt: number | undefined;
  readonly setbacks: Readonly<Partial<Record<CallState, Setback>>>;
  /** The call that the current wait interrupts. */
  readonly interrupted: CallState | undefined;
  /** Epoch ms at which the current wait ends. */
  readonly waitUntil: number | undefined;
  readonly download: Download | undefined;
  /**
   * Epoch ms until which the server certainly keeps the result: 24 h after the job was last seen unfinished ("Step 8: Download
   * Results"). Undefined if it never was.
   */
  readonly resultKeptUntil: number | undefined;
  readonly saved: SavedResult | undefined;
  readonly failure: Failure | undefined;
  readonly detachReason: DetachReason | undefined;
  /** How the job ended, for its output. */
  readonly outcome: JobOutput['status'] | undefined;
}

/** The fields of the context that a reply changes. */
export type ContextPatch = Partial<JobContext>;

/** Shared by all new jobs: nothing changes a context in place, and a lane has ten thousand of them. */
const NONE: readonly never[] = Object.freeze([]);
const EMPTY = Object.freeze({});
const USUAL_RETRY = Object.freeze(retryLimits(DEFAULT_RETRY));

export function createJobContext(input: JobInput): JobContext {
  return {
    input,
    retry: input.retry === undefined ? USUAL_RETRY : retryLimits(DEFAULT_RETRY, input.retry),
    files: NONE,
    uploads: NONE,
    reuploads: 0,
    workflow: undefined,
    ticket: undefined,
    mayExist: false,
    jobSpecId: input.jobSpecId,
    itemVersion: undefined,
    statusWord: undefined,
    progress: undefined,
    currentStep: undefined,
    slots: NONE,
    question: undefined,
    turns: EMPTY,
    answered: undefined,
    staleReadings: 0,
    fills: 0,
    startAllowed: false,
    versionDoubted: false,
    sentVersion: undefined,
    refusedVersion: undefined,
    metCheckpoint: false,
    lastReadAt: undefined,
    setbacks: EMPTY,
    interrupted: undefined,
    waitUntil: undefined,
    download: undefined,
    resultKeptUntil: undefined,
    saved: undefined,
    failure: undefined,
    detachReason: undefined,
    outcome: undefined,
  };
}

/** The setbacks without those of the given calls, which succeeded or no longer matter. */
export function withoutSetbacks(
  context: Pick<JobContext, 'setbacks'>,
  calls: readonly CallState[],
): JobContext['setbacks'] {
  if (!calls.some((call) => call in context.setbacks)) return context.setbacks;
  const left = { ...context.setbacks };
  for (const call of calls) delete left[call];
  return left;
}
