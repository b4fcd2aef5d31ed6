import type { CallState } from '../../../machines/call-state.js';
import type { InputRequest } from '../../../machines/job-events.js';
import type { DetachReason } from '../../../machines/job-output.js';
import type { Failure } from '../../../services/failure.js';
import type { JobStatus } from '../../../services/wire/wire-types.js';

/** The lifecycle states: the API's own words ("Step 6: Poll for Status") and three of ours. */
export type JobLifecycle = JobStatus | 'preparing' | 'downloading' | 'detached';

/**
 * Why a job waits: for a `place` among the concurrent jobs of its key; for a rate `limit` to open; for another `try` after a
 * failure; to `re-read` a job that another actor has changed; for a person's `slots`, `confirm` or `decision`; or for the
 * `server`, which is working.
 */
export type WaitReason = 'place' | 'limit' | 'try' | 're-read' | 'slots' | 'confirm' | 'decision' | 'server';

/** What a job waits for. Times are epoch ms. */
export interface JobWait {
  readonly for: WaitReason;
  /** The reason in one sentence, for people. */
  readonly why: string;
  /** The call to repeat after the wait, if there is one. */
  readonly call?: CallState;
  /** The number of that attempt; 2 after the first failure. */
  readonly attempt?: number;
  /** Absent if unknown. */
  readonly until?: number;
  /** Absent if unknown. */
  readonly since?: number;
}

/** A file of the job, in the order of the input. */
export interface JobFileView {
  /** As given in the input: a path on Node. */
  readonly handle: string;
  /** The last part of the handle, which may be shown. */
  readonly name: string;
  /** Absent until the file was inspected. */
  readonly bytes?: number;
  readonly state: 'waiting' | 'uploading' | 'uploaded';
  readonly sentBytes: number;
}

/** What is known of the result of a completed job. It contains no URL: `openResult` requests a fresh one. */
export interface JobResultView {
  /** The last part of `file`, or the name given by the server. */
  readonly name?: string;
  /** Where it was saved: a path on Node. Absent until then. */
  readonly file?: string;
  /** Size of the saved file; before that, as announced by the server. */
  readonly bytes?: number;
  /** While it is downloaded. */
  readonly receivedBytes?: number;
  /** Hex. */
  readonly sha256?: string;
  readonly verified?: boolean;
  readonly warning?: string;
}

/** The absolute times (epoch ms) after which the server no longer keeps something of the job. */
export interface JobRetention {
  /** The pre-signed URL: 1 h ("Step 8: Download Results"). */
  readonly urlExpiresAt?: number;
  /** The result: 24 h after completion ("Step 8: Download Results"). */
  readonly resultExpiresAt?: number;
  /** Uploaded files that no job uses: 24 h ("Step 2: Upload a File"). */
  readonly filesExpireAt?: number;
}

/** Position of a job in the queue of its key: the `place`-th (from 1) of `of`. */
export interface JobQueuePlace {
  readonly place: number;
  readonly of: number;
}

/** It is unknown whether the job was created: `RETRY` (may create a second job), `ADOPT` the one that was found, or `DETACH`. */
export interface CreateDecision {
  /** The failure of the create. */
  readonly failure: Failure;
  readonly ways: readonly ('RETRY' | 'ADOPT' | 'DETACH')[];
}

/** What the job needs from a person now. */
export type JobNeeds =
  | { readonly needs?: undefined; readonly request?: undefined; readonly decision?: undefined }
  /** Values: answer with `submitSlots`. */
  | { readonly needs: 'slots'; readonly request: InputRequest; readonly decision?: undefined }
  /** Permission to start execution: answer with `confirm`. */
  | { readonly needs: 'confirm'; readonly request?: undefined; readonly decision?: undefined }
  | { readonly needs: 'decision'; readonly request?: undefined; readonly decision: CreateDecision };

/** The part of a view that does not depend on what the job needs. */
export interface JobFacts {
  readonly state: JobLifecycle;
  /** The full state value, dotted: `executing.reading`. */
  readonly path: string;
  /** `user-input`, `rate-limited`, `backing-off`, `resolving-conflict`, `in-flight`. */
  readonly tags: readonly string[];
  readonly jobSpecId?: string;
  readonly workflowId?: string;
  readonly itemVersion?: number;
  /** Percent, as sent by the server. */
  readonly progress?: number;
  readonly currentStep?: string;
  readonly files: readonly JobFileView[];
  /** Absent while the job is working. */
  readonly wait?: JobWait;
  /** Epoch ms: `wait.until`. */
  readonly waitingUntil?: number;
  /** Epoch ms at which the job entered its lifecycle state; absent if unknown. */
  readonly since?: number;
  /** Present while the job is queued in a lane. */
  readonly queue?: JobQueuePlace;
  /** The failure that blocks the job now, or with which it ended. */
  readonly failure?: Failure;
  readonly detachReason?: DetachReason;
  readonly result?: JobResultView;
  readonly retention: JobRetention;
}

/**
 * Everything an observer of a job needs, as plain data: it survives `JSON`, and contains no key and no URL. Before passing it on
 * to strangers, remove the paths with `publicView`.
 */
export type JobView = JobFacts & JobNeeds;
