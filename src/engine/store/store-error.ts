import type { Failure } from '../../services/failure.js';

/** Why a store refuses, by what can be done about it. */
export type StoreErrorKind =
  /** No room: disk, quota or file-size limit. */
  | 'full-disk'
  /** The file, its directory or its file system cannot be written. */
  | 'read-only'
  /** Another process holds the file for longer than we wait. */
  | 'locked'
  /** The file, or one record in it, is damaged. */
  | 'corrupt'
  /** Written by a newer goal-lane; left as it is. */
  | 'newer-version'
  /** The path holds something else. */
  | 'not-a-store'
  /** Another owner has the job: what was to be written is out of date. */
  | 'lease-lost'
  /** What was to be written holds the API key. */
  | 'secret'
  /** The record itself does not have the shape of a record: a bug of the caller. */
  | 'invalid-record'
  /** The store was closed before: a bug of the caller. */
  | 'closed'
  /** Any other refusal of the file system or the driver. */
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
  /** Where the store is. */
  readonly path?: string;
  readonly cause?: unknown;
  /** Instead of the advice that goes with the kind. */
  readonly advice?: string;
}

/** The one error of every store. Its plain form is a {@link Failure} of kind `storage`. */
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
