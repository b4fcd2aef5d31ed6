import type { Failure } from '../services/failure.js';
import type { Checkpoint, SlotDefinition, SlotValue } from '../services/wire/wire-types.js';
import type { CallState } from './call-state.js';
import type { DetachReason } from './job-output.js';
import type { DownloadProgress, SavedResult, UploadProgress } from './ports.js';

/** What a host may send. */
export type JobCommand =
  /** Values for the requested slots. A slot that is left out keeps its earlier value. */
  | { readonly type: 'SUBMIT_SLOTS'; readonly slots: Readonly<Record<string, SlotValue>> }
  /** Starts execution (only with `confirm: 'manual'`). */
  | { readonly type: 'CONFIRM' }
  /**
   * In `preparing.outcomeUnknown`: create again; the host takes the risk of a second job. In a wait: retry now, unless a rate
   * limit is closed.
   */
  | { readonly type: 'RETRY' }
  /** In `preparing.outcomeUnknown`: continue with the job that was found to exist. */
  | { readonly type: 'ADOPT'; readonly jobSpecId: string }
  /** Stop driving the job; it continues on the server. */
  | { readonly type: 'DETACH' }
  /** While downloading: discard the pre-signed URL and request a fresh one. */
  | { readonly type: 'REFRESH_DOWNLOAD' };

/** Events that the binding of a port sends while it runs. */
export type JobSignal =
  | { readonly type: 'UPLOAD_PROGRESS'; readonly progress: UploadProgress }
  | { readonly type: 'DOWNLOAD_PROGRESS'; readonly progress: DownloadProgress };

export type JobEvent = JobCommand | JobSignal;

/** A slot that another actor filled with a different value than ours. */
export interface SlotConflict {
  readonly slotId: string;
  readonly ours: SlotValue;
  readonly theirs: SlotValue;
}

/** A question for a person. */
export interface InputRequest {
  /** Absent for the slots before execution. */
  readonly checkpoint?: Checkpoint;
  /** Every slot of this question. */
  readonly slots: readonly SlotDefinition[];
  /** The slots that still need a value. */
  readonly missing: readonly string[];
  /** Values that are known or were typed; kept after a 422. */
  readonly values: Readonly<Record<string, SlotValue>>;
  /** Why the question is asked again. */
  readonly fieldErrors: readonly { readonly field: string; readonly message: string }[];
  /** The slots to which another actor gave another value than ours: what is submitted decides. Also why the question is asked again. */
  readonly conflicts: readonly SlotConflict[];
}

/** What the machine emits; `actor.on(type, …)`. */
export type JobEmitted =
  /** Bytes of one file have left. */
  | { readonly type: 'uploadProgress'; readonly progress: UploadProgress }
  /** Bytes of the result have come. */
  | { readonly type: 'downloadProgress'; readonly progress: DownloadProgress }
  /** The server has created the job (Step 3). */
  | { readonly type: 'created'; readonly jobSpecId: string; readonly itemVersion?: number }
  /** The server's status word, its progress (0 to 100) or its current step is another one than before. */
  | {
      readonly type: 'progress';
      readonly status: string;
      readonly progress?: number;
      readonly currentStep?: string;
    }
  /** Execution paused for input, from a person or from prepared answers. */
  | { readonly type: 'checkpoint'; readonly checkpoint: Checkpoint; readonly itemVersion?: number }
  /** A person must fill slots. */
  | { readonly type: 'inputNeeded'; readonly request: InputRequest }
  /** A person must send `CONFIRM`. */
  | { readonly type: 'confirmNeeded' }
  /** A person must send `RETRY`, `ADOPT` or `DETACH`. */
  | { readonly type: 'outcomeUnknown'; readonly failure: Failure }
  /** A call waits for a limit of the key; nothing of it is sent before `until`. */
  | {
      readonly type: 'rateLimited';
      readonly call: CallState;
      readonly until: number;
      readonly failure: Failure;
    }
  /** A call has failed in a way that may heal, and is tried again. */
  | {
      readonly type: 'retrying';
      readonly call: CallState;
      readonly attempt: number;
      /** Epoch ms of the next attempt. */
      readonly until: number;
      readonly failure: Failure;
    }
  /** After a 409, a 400 or a lost reply the job was read again, and continues from that reading. */
  | { readonly type: 'conflictResolved'; readonly itemVersion?: number }
  /** The result is available: saved, or with `delivery: 'link'` as a URL. */
  | { readonly type: 'completed'; readonly jobSpecId: string; readonly saved?: SavedResult }
  /** The API reports that the job failed, or no job was created. */
  | { readonly type: 'failed'; readonly failure: Failure }
  /** The job was detached; it continues on the server. */
  | { readonly type: 'detached'; readonly reason: DetachReason };
