import type { Failure } from '../../services/failure.js';

/** Why a store refuses, by what can be done about it. */
export type StoreErrorKind =
  /** No space: disk, quota or file-size limit. */
  | 'full-disk'
  /** The file, its directory or its file system cannot be written. */
  | 'read-only'
  /** Another process has the file locked for too long. */
  | 'locked'
  /** The file, or one record in it, is damaged. */
  | 'corrupt'
  /** Written by a newer goal-lane; unchanged. */
  | 'newer-version'
  /** The path refers to something else. */
  | 'not-a-store'
  /** Another owner has the job: the write is outdated. */
  | 'lease-lost'
  /** The write would contain the API key. */
  | 'secret'
  /** The record has an invalid shape: a bug of the caller. */
  | 'invalid-record'
  /** The store is closed: a bug of the caller. */
  | 'closed'
  /** Any other error of the file system or the driver. */
  | 'unusable';

const ADVICE: Record<StoreErrorKind, string> = {
  'full-disk': 'Free some space, or name a store on another disk.',
  'read-only': 'Name a store in a directory that you may write to.',
  locked: 'Wait until the other process is done, or end it, then try again.',
  corrupt:
    'Move the store file away (keep it) and start with a new one; a job on the server can still be attached to.',
  'newer-version': 'Upgrade goal-lane, or name another store.',
  'not-a-store': 'Name a file that does not exist yet, or a goal-lane store.',
  'lease-lost': 'Leave the job to its new owner.',
  secret: 'Nothing was written; report this as a bug.',
  'invalid-record': 'Nothing was written; report this as a bug.',
  closed: 'Open the store again.',
  unusable: 'Check the path and the disk, or name another store.',
};

export interface StoreErrorDetails {
  /** Path of the store. */
  readonly path?: string;
  readonly cause?: unknown;
  /** Replaces the default advice for the kind. */
  readonly advice?: string;
}

/** The only error class of stores. Its plain form is a {@link Failure} of kind `storage`. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly kind: StoreErrorKind;
  /** What to do next, in one sentence. */
  readonly advice: string;
  readonly path: string | undefined;

  constructor(kind: StoreErrorKind, message: string, details: StoreErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.advice = details.advice ?? ADVICE[kind];
    this.path = details.path;
  }

  toJSON(): Failure {
    return {
      kind: 'storage',
      message: this.message,
      advice: this.advice,
      delivery: 'not-sent',
      findings: [this.kind],
    };
  }
}

/** Works across realms and copies of the package. */
export function isStoreError(value: unknown): value is StoreError {
  return (
    value instanceof StoreError || (value instanceof Error && value.name === 'StoreError' && 'kind' in value)
  );
}
