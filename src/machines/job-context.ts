import type { Failure } from '../services/failure.js';
import type { Download, SlotDefinition, Workflow } from '../services/wire/wire-types.js';
import type { CallState } from './call-state.js';
import { DEFAULT_RETRY, type Setback } from './failure/retry-policy.js';
import type { JobInput, RetryLimits } from './job-input.js';
import type { DetachReason, JobOutput } from './job-output.js';
import type { FileFacts, SavedResult } from './ports.js';
import type { AnswerCursors, Question } from './question/question.js';

export interface UploadRecord {
  readonly fileId: string;
  /** Epoch ms: a file that no job uses expires 24 h later (Step 2). */
  readonly uploadedAt: number;
}

/** The question that was last confirmed: a reading that shows it again is an old one. */
export interface AnsweredQuestion {
  /** Absent for the slots before execution. */
  readonly checkpointId: string | undefined;
  readonly itemVersion: number | undefined;
  /** As it was confirmed: opened again, with nothing new to send, when the server insists that it is still open. */
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
  /** One entry a file, in the order of `files`. */
  readonly uploads: readonly (UploadRecord | null)[];
  /** How often expired files were uploaded again; once is all. */
  readonly reuploads: number;
  readonly workflow: Workflow | undefined;
  /** One-use permission to create, issued by the process that is about to (law 1). */
  readonly ticket: string | undefined;
  /** A create went out of which it was never known whether it was acted upon: there may be a job without an id (law 1), whatever became of a later one. */
  readonly mayExist: boolean;
  readonly jobSpecId: string | undefined;
  /** The highest seen; only ever read from the server. */
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
  /** Readings in a row that were older than what we hold. */
  readonly staleReadings: number;
  /** PATCHes in a row that were accepted without the job going on. */
  readonly fills: number;
  /** The host said `CONFIRM`. */
  readonly startAllowed: boolean;
  /** True when the server changed the job without telling the new version: it is read before anything is sent. */
  readonly versionDoubted: boolean;
  /** The item version that the last PATCH or confirm carried. */
  readonly sentVersion: number | undefined;
  /** The item version that the server last refused (409): it is not sent again before a newer one was read (law 2). */
  readonly refusedVersion: number | undefined;
  /** True once an item version was read together with a checkpoint: a `pending` without a version is older than that. */
  readonly metCheckpoint: boolean;
  /** Epoch ms of the last status reply (or of the confirm, before the first). */
  readonly lastReadAt: number | undefined;
  readonly setbacks: Readonly<Partial<Record<CallState, Setback>>>;
  /** The call that a wait interrupts. */
  readonly interrupted: CallState | undefined;
  /** Epoch ms until which a wait lasts. */
  readonly waitUntil: number | undefined;
  readonly download: Download | undefined;
  /** Epoch ms until which the server certainly keeps the result: 24 h after the job was last seen at work (Step 8). Undefined where it was not seen. */
  readonly resultKeptUntil: number | undefined;
  readonly saved: SavedResult | undefined;
  readonly failure: Failure | undefined;
  readonly detachReason: DetachReason | undefined;
  /** How the job ended, for its output. */
  readonly outcome: JobOutput['status'] | undefined;
}

/** What is learned from a reply: the fields of the context that it changes. */
export type ContextPatch = Partial<JobContext>;

export function createJobContext(input: JobInput): JobContext {
  return {
    input,
    retry: { ...DEFAULT_RETRY, ...input.retry },
    files: [],
    uploads: [],
    reuploads: 0,
    workflow: undefined,
    ticket: undefined,
    mayExist: false,
    jobSpecId: input.jobSpecId,
    itemVersion: undefined,
    statusWord: undefined,
    progress: undefined,
    currentStep: undefined,
    slots: [],
    question: undefined,
    turns: {},
    answered: undefined,
    staleReadings: 0,
    fills: 0,
    startAllowed: false,
    versionDoubted: false,
    sentVersion: undefined,
    refusedVersion: undefined,
    metCheckpoint: false,
    lastReadAt: undefined,
    setbacks: {},
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

/** The setbacks without those of calls that have gone well, or that do not matter any more. */
export function withoutSetbacks(context: JobContext, calls: readonly CallState[]): JobContext['setbacks'] {
  const left = { ...context.setbacks };
  for (const call of calls) delete left[call];
  return left;
}
