import type { Failure, FailureKind } from '../../services/failure.js';
import type { StoreOwner } from '../store/lease/job-lease.js';

/** Why a stored job cannot be started, resumed or removed. */
export type StoredJobReason =
  /** The store has no job with that id. */
  | 'not-found'
  /** The store already has a job with that id. */
  | 'exists'
  /** This process drives it. */
  | 'running'
  /** Another process drives it. */
  | 'held'
  /** It has completed or failed: there is nothing to resume. */
  | 'finished'
  /** A file that still has to be uploaded has changed. */
  | 'files-changed'
  /** The server no longer keeps its result. */
  | 'expired'
  /** It was stored by a release whose chart is unknown to this one. */
  | 'unreadable'
  /** This set of stored jobs is closed. */
  | 'closed';

const ADVICE: Readonly<Record<StoredJobReason, string>> = {
  'not-found': 'List the jobs of the store; another store may hold it.',
  exists: 'Resume it, or start the new job under another id.',
  running: 'Use the handle that was given out for it.',
  held: 'End that process, or leave the job to it.',
  finished: 'Start a new job, or attach to the one on the server.',
  'files-changed': 'Put the file back as it was, or remove the job and start a new one.',
  expired: 'Start a new job with the same input.',
  unreadable: 'Use the goal-lane that stored it, or remove it; nothing was sent.',
  closed: 'Open the store again.',
};

const KINDS: Readonly<Partial<Record<StoredJobReason, FailureKind>>> = {
  'files-changed': 'file',
  expired: 'gone',
  held: 'storage',
  unreadable: 'storage',
};

export interface StoredJobErrorDetails {
  /** The individual problems, for `files-changed`. */
  readonly findings?: readonly string[];
  /** Who drives the job, for `held`. */
  readonly holder?: StoreOwner;
  /** Epoch ms at which the holder's lease ends unless renewed, for `held`. */
  readonly heldUntil?: number;
  readonly advice?: string;
}

/** A stored job is not in the state that the caller expects. Nothing was sent. Its plain form is a {@link Failure}. */
export class StoredJobError extends Error {
  override readonly name = 'StoredJobError';
  readonly reason: StoredJobReason;
  readonly jobId: string;
  readonly advice: string;
  readonly findings: readonly string[];
  readonly holder: StoreOwner | undefined;
  readonly heldUntil: number | undefined;

  constructor(reason: StoredJobReason, jobId: string, message: string, details: StoredJobErrorDetails = {}) {
    super(message);
    this.reason = reason;
    this.jobId = jobId;
    this.advice = details.advice ?? ADVICE[reason];
    this.findings = details.findings ?? [];
    this.holder = details.holder;
    this.heldUntil = details.heldUntil;
  }

  toJSON(): Failure {
    return {
      kind: KINDS[this.reason] ?? 'invalid-input',
      message: this.message,
      advice: this.advice,
      delivery: 'not-sent',
      ...(this.findings.length > 0 ? { findings: this.findings } : {}),
    };
  }
}

/** Works across realms and copies of the package. */
export function isStoredJobError(value: unknown): value is StoredJobError {
  return (
    value instanceof StoredJobError ||
    (value instanceof Error && value.name === 'StoredJobError' && 'reason' in value)
  );
}
