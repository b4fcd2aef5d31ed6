import { boundFailure } from '../../services/bound-failure.js';
import { BOUNDS, shortened } from '../../services/bounds.js';
import type { Failure } from '../../services/failure.js';

const isFailure = (value: unknown): value is Failure =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  typeof value.kind === 'string' &&
  'message' in value &&
  typeof value.message === 'string' &&
  'delivery' in value &&
  typeof value.delivery === 'string';

const hasToJson = (value: unknown): value is { toJSON(): unknown } =>
  typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function';

/** What a thrown value says, whatever it is: it may throw when it is looked at. */
function wordsOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return 'something that cannot be shown';
  }
}

/** A thrown value that is a failure, told as one by its own `toJSON()` or by itself. */
export function failureIn(error: unknown): Failure | undefined {
  try {
    const plain = hasToJson(error) ? error.toJSON() : error;
    // A host's own object may lack what ours all have.
    return isFailure(plain) ? boundFailure({ ...plain, advice: String(plain.advice ?? '') }) : undefined;
  } catch {
    return undefined;
  }
}

/** Where a thrown value came from, for the log; as much of it as a line can carry. */
export function stackOf(error: unknown): string {
  try {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return shortened(stack, BOUNDS.message);
  } catch {
    return 'none';
  }
}

/**
 * Whatever was thrown, as plain data.
 * @param by the function that threw it, where that is known: `the port fillSlots`
 */
export function asFailure(error: unknown, by = 'a function of the host'): Failure {
  const told = failureIn(error);
  if (told !== undefined) return told;
  if (error instanceof Error && error.name === 'AbortError') {
    return {
      kind: 'aborted',
      message: wordsOf(error),
      advice: 'Nothing: the caller asked for it.',
      delivery: 'unknown',
    };
  }
  return boundFailure({
    kind: 'internal',
    message: `${by} threw: ${wordsOf(error)}`,
    advice: 'A function of the host threw something that is no failure; mend it. The log has its stack.',
    delivery: 'unknown',
  });
}
