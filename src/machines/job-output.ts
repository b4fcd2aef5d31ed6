import type { Failure } from '../services/failure.js';
import type { Download } from '../services/wire/wire-types.js';
import type { SavedResult } from './ports.js';

/** Why a job was detached. It continues on the server: the API has no cancel. */
export type DetachReason =
  /** The host sent `DETACH`. */
  | 'requested'
  /** The overall deadline would be passed. */
  | 'max-wait'
  /** A slot has no value, and no person can provide one. */
  | 'input-needed'
  /** The server, storage or network failed, or kept refusing a job that may be alive, after all retries. */
  | 'unreachable'
  /** A failure on this machine: a disk, a clock, a store, a function of the host. */
  | 'local-failure'
  /** The key is refused; the job can be resumed with another key. */
  | 'key-refused'
  /** It is unknown whether the job was created, and nothing has decided yet: send `RETRY`, `ADOPT` or `DETACH` later. */
  | 'outcome-unknown';

export interface CompletedOutput {
  readonly status: 'completed';
  readonly jobSpecId: string;
  readonly download: Download;
  /** Present with `delivery: 'save'`. */
  readonly saved?: SavedResult;
}

export interface FailedOutput {
  readonly status: 'failed';
  /** Absent if no job was created. */
  readonly jobSpecId?: string;
  readonly failure: Failure;
}

export interface DetachedOutput {
  readonly status: 'detached';
  /** Absent if no job was created, or its id is unknown. */
  readonly jobSpecId?: string;
  readonly reason: DetachReason;
  /** The failure that caused it, if there was one. */
  readonly failure?: Failure;
}

export type JobOutput = CompletedOutput | FailedOutput | DetachedOutput;
