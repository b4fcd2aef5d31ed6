import type { CallState } from '../../../machines/call-state.js';
import type { InputRequest } from '../../../machines/job-events.js';
import type { DetachReason } from '../../../machines/job-output.js';
import type { Failure } from '../../../services/failure.js';
import type { JobStatus } from '../../../services/wire/wire-types.js';

/** The lifecycle states: the API's own words (Step 6), and three of ours. */
export type JobLifecycle = JobStatus | 'preparing' | 'downloading' | 'detached';

/**
 * Why a job waits: for a `place` among the jobs of its key; for a `limit` of the key to open; for another `try` after a failure; to `re-read`
 * a job that somebody else has changed; for a person's `slots`, `confirm` or `decision`; or for the `server`, which is at work.
 */
export type WaitReason = 'place' | 'limit' | 'try' | 're-read' | 'slots' | 'confirm' | 'decision' | 'server';

/** What a job waits for. Times are epoch ms. */
export interface JobWait {
  readonly for: WaitReason;
  /** The same in one sentence, for people. */
  readonly why: string;
  /** The call that is made once more afterwards, where the wait interrupts one. */
  readonly call?: CallState;
  /** Which try that will be; 2 after the first failure. */
  readonly attempt?: number;
  /** Absent where nobody can know. */
  readonly until?: number;
  /** Absent where nobody kept the time. */
  readonly since?: number;
}

/** One of the job's files, in the order in which they were given. */
export interface JobFileView {
  /** What stands in the input: a path on Node. */
  readonly handle: string;
  /** Its last part: what may be shown. */
  readonly name: string;
  /** Absent until the file was looked at. */
  readonly bytes?: number;
  readonly state: 'waiting' | 'uploading' | 'uploaded';
  readonly sentBytes: number;
}

/** The result of a completed job, as far as it is here. It holds no URL: `openResult` asks for a fresh one. */
export interface JobResultView {
  /** The last part of `file`, or the name that the server gave. */
  readonly name?: string;
  /** Where it was saved: a path on Node. Absent until then. */
  readonly file?: string;
  /** Of the saved file; before that, what the server announced. */
  readonly bytes?: number;
  /** While it is fetched. */
  readonly receivedBytes?: number;
  /** Hex. */
  readonly sha256?: string;
  readonly verified?: boolean;
  readonly warning?: string;
}

/** The absolute times (epoch ms) after which something of the job is gone at the server. */
export interface JobRetention {
  /** The pre-signed URL: 1 h (Step 8). */
  readonly urlExpiresAt?: number;
  /** The result: 24 h after completion (Step 8). */
  readonly resultExpiresAt?: number;
  /** Uploaded files that no job uses: 24 h (Step 2). */
  readonly filesExpireAt?: number;
}

/** Where a job stands among those of its key that wait for a place: the `place`-th (from 1) of so many. */
export interface JobQueuePlace {
  readonly place: number;
  readonly of: number;
}

/** It cannot be known whether the job was created: `RETRY` (may make a second job), `ADOPT` the one that was found, or `DETACH`. */
export interface CreateDecision {
  /** What became of the create. */
  readonly failure: Failure;
  readonly ways: readonly ('RETRY' | 'ADOPT' | 'DETACH')[];
}

/** What is wanted of a person now. */
export type JobNeeds =
  | { readonly needs?: undefined; readonly request?: undefined; readonly decision?: undefined }
  /** Values: answered by `submitSlots`. */
  | { readonly needs: 'slots'; readonly request: InputRequest; readonly decision?: undefined }
  /** That execution may start: answered by `confirm`. */
  | { readonly needs: 'confirm'; readonly request?: undefined; readonly decision?: undefined }
  | { readonly needs: 'decision'; readonly request?: undefined; readonly decision: CreateDecision };

/** What holds for a job whatever it needs. */
export interface JobFacts {
  readonly state: JobLifecycle;
  /** The full state value, dotted: `executing.reading`. */
  readonly path: string;
  /** `user-input`, `rate-limited`, `backing-off`, `resolving-conflict`, `in-flight`. */
  readonly tags: readonly string[];
  readonly jobSpecId?: string;
  readonly workflowId?: string;
  readonly itemVersion?: number;
  /** Percent, as the server said. */
  readonly progress?: number;
  readonly currentStep?: string;
  readonly files: readonly JobFileView[];
  /** Absent while the job is at work. */
  readonly wait?: JobWait;
  /** Epoch ms: `wait.until`. */
  readonly waitingUntil?: number;
  /** Since when (epoch ms) the job is in its lifecycle state; absent where nobody kept the time. */
  readonly since?: number;
  /** Present while the job waits for its place in a lane. */
  readonly queue?: JobQueuePlace;
  /** What stands in the way now, or how the job ended. */
  readonly failure?: Failure;
  readonly detachReason?: DetachReason;
  readonly result?: JobResultView;
  readonly retention: JobRetention;
}

/**
 * All that somebody must know who comes late to a job, as plain data: it survives `JSON`, and holds no key and no URL. What a host may pass on
 * to a stranger is `publicView` of it, without the paths.
 */
export type JobView = JobFacts & JobNeeds;
