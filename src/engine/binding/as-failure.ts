import { boundFailure } from '../../services/errors/bound-failure.js';
import { errorWords } from '../../services/errors/error-words.js';
import type { Delivery, Failure } from '../../services/failure.js';
import { BOUNDS, shortened } from '../../services/wire/bounds.js';

const DELIVERIES: ReadonlySet<unknown> = new Set<Delivery>(['not-sent', 'refused', 'unknown']);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isFailure = (value: unknown): value is Failure =>
  isObject(value) &&
  'kind' in value &&
  typeof value.kind === 'string' &&
  'message' in value &&
  typeof value.message === 'string' &&
  'delivery' in value &&
  DELIVERIES.has(value.delivery);

const hasToJson = (value: unknown): value is { toJSON(): unknown } =>
  isObject(value) && 'toJSON' in value && typeof value.toJSON === 'function';

const textOr = (text: unknown, otherwise: string): string => (typeof text === 'string' ? text : otherwise);

/** A failure that is none but for its kind and delivery is made whole: what reads it reads text. */
const whole = (failure: Failure): Failure => ({
  ...failure,
  message: textOr(failure.message, failure.kind),
  advice: textOr(failure.advice, ''),
});

/** A thrown value that is a failure, told as one by its own `toJSON()` or by itself; undefined where it is none, or throws when it is looked at. */
export function failureIn(error: unknown): Failure | undefined {
  try {
    const plain = hasToJson(error) ? error.toJSON() : error;
    return isFailure(plain) ? boundFailure(whole(plain)) : undefined;
  } catch {
    return undefined;
  }
}

function isAbort(error: unknown): boolean {
  try {
    return error instanceof Error && error.name === 'AbortError';
  } catch {
    return false;
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
 * Whatever was thrown, as plain data. Total: it does not throw.
 * @param by the function that threw it, where that is known: `the port fillSlots`
 */
export function asFailure(error: unknown, by = 'a function of the host'): Failure {
  const told = failureIn(error);
  if (told !== undefined) return told;
  const message = errorWords(error);
  if (isAbort(error)) {
    return { kind: 'aborted', message, advice: 'Nothing: the caller asked for it.', delivery: 'unknown' };
  }
  return boundFailure({
    kind: 'internal',
    message: `${by} threw: ${message}`,
    advice: 'A function of the host threw something that is not a failure; fix it. The log has its stack.',
    delivery: 'unknown',
  });
}
