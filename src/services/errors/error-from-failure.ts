import type { Failure, FailureKind } from '../failure.js';
import { boundFailure } from './bound-failure.js';
import { GoalLaneError } from './goal-lane-error.js';
import {
  BadResponseError,
  FileError,
  InvalidInputError,
  InvalidTransitionError,
  KeyRefusedError,
  NetworkError,
  NotFoundError,
  RateLimitedError,
  RejectedError,
  ServerError,
  ValidationError,
  VersionConflictError,
} from './kinds.js';

const CLASSES: Readonly<Record<FailureKind, typeof GoalLaneError>> = {
  'invalid-input': InvalidInputError,
  file: FileError,
  storage: FileError,
  'key-refused': KeyRefusedError,
  'not-found': NotFoundError,
  gone: NotFoundError,
  'version-conflict': VersionConflictError,
  'invalid-transition': InvalidTransitionError,
  validation: ValidationError,
  'rate-limited': RateLimitedError,
  rejected: RejectedError,
  server: ServerError,
  network: NetworkError,
  aborted: NetworkError,
  'bad-response': BadResponseError,
  'outcome-unknown': GoalLaneError,
  'job-failed': GoalLaneError,
  internal: GoalLaneError,
};

/** Converts a failure to the typed error of its kind: the only place that maps kinds to classes. */
export function errorFromFailure(failure: Failure, cause?: unknown): GoalLaneError {
  return new CLASSES[failure.kind](boundFailure(failure), cause === undefined ? undefined : { cause });
}
