import { GoalLaneError } from './goal-lane-error.js';

/** Bad input, rejected before anything was sent. */
export class InvalidInputError extends GoalLaneError {
  override readonly name = 'InvalidInputError' as const;
}
/** A local file cannot be read, has changed, or cannot be written. */
export class FileError extends GoalLaneError {
  override readonly name = 'FileError' as const;
}
/** The API refuses the key (401, 403). */
export class KeyRefusedError extends GoalLaneError {
  override readonly name = 'KeyRefusedError' as const;
}
/** The job, workflow or result does not exist, or no longer exists (404, 410, an expired URL). */
export class NotFoundError extends GoalLaneError {
  override readonly name = 'NotFoundError' as const;
}
/** 409: the item version is not the server's ("Error Handling"). */
export class VersionConflictError extends GoalLaneError {
  override readonly name = 'VersionConflictError' as const;
}
/** 400: the state of the job does not allow this call ("Error Handling"). */
export class InvalidTransitionError extends GoalLaneError {
  override readonly name = 'InvalidTransitionError' as const;
}
/** 422: `failure.fieldErrors` names the fields and reasons ("Error Handling"). */
export class ValidationError extends GoalLaneError {
  override readonly name = 'ValidationError' as const;
}
/** 429, or a limit that is known to be closed; `failure.retryAt` gives the end ("Rate Limits"). */
export class RateLimitedError extends GoalLaneError {
  override readonly name = 'RateLimitedError' as const;
}
/** Another refusal that a retry does not change (4xx, a redirect elsewhere). */
export class RejectedError extends GoalLaneError {
  override readonly name = 'RejectedError' as const;
}
/** 408, 425, 499 or 5xx. */
export class ServerError extends GoalLaneError {
  override readonly name = 'ServerError' as const;
}
/**
 * No reply: refused, reset, DNS, TLS, time-out; a reply that did not come from the API (`failure.speaker`); or the caller's own
 * abort.
 */
export class NetworkError extends GoalLaneError {
  override readonly name = 'NetworkError' as const;
}
/** A reply that cannot be parsed. */
export class BadResponseError extends GoalLaneError {
  override readonly name = 'BadResponseError' as const;
}
