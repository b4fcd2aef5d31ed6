import type { Redactor } from '../redaction/redactor.js';
import { errorFromFailure } from './error-from-failure.js';
import { isGoalLaneError } from './goal-lane-error.js';

/** A value that cannot be inspected may contain anything. */
function isClean(cause: unknown, redactor: Redactor): boolean {
  try {
    return redactor.value(cause) === cause;
  } catch {
    return false;
  }
}

/** An error as it may leave the client: unchanged if it contains no secret, otherwise its redacted failure without a cause. */
export function redactedError(error: unknown, redactor: Redactor): unknown {
  if (!isGoalLaneError(error)) return error;
  const failure = error.toJSON();
  const clean = redactor.value(failure);
  return clean === failure && isClean(error.cause, redactor) ? error : errorFromFailure(clean);
}
