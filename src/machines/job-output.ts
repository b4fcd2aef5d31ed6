import type { Failure } from '../services/failure.js';
import type { Download } from '../services/wire/wire-types.js';
import type { SavedResult } from './ports.js';

/** Why a job was let go. The remote job lives on: the API has no cancel. */
export type DetachReason =
  /** The host sent `DETACH`. */
  | 'requested'
  /** The overall deadline would be passed. */
  | 'max-wait'
  /** A slot has no value and no person is there to give one. */
  | 'input-needed'
  /** The server, storage or the network is unusable, or refuses a job that may live, after every retry. */
  | 'unreachable'
  /** Something on this machine stood in the way: a disk, a clock, a store, a function of the host. */
  | 'local-failure'
  /** The key is refused; the job goes on with another key. */
  | 'key-refused'
  /** It cannot be known whether the job was created, and nobody decided: `RETRY`, `ADOPT` or `DETACH` later on. */
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
  /** Absent where no job was created. */
  readonly jobSpecId?: string;
  readonly failure: Failure;
}

export interface DetachedOutput {
  readonly status: 'detached';
  /** Absent where no job was created (or none that we know of). */
  readonly jobSpecId?: string;
  readonly reason: DetachReason;
  /** What stood in the way, where something did. */
  readonly failure?: Failure;
}

export type JobOutput = CompletedOutput | FailedOutput | DetachedOutput;
