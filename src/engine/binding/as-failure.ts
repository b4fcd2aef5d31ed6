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

/** Fills in missing texts of a value that has the kind and delivery of a failure. */
const whole = (failure: Failure): Failure => ({
  ...failure,
  message: textOr(failure.message, failure.kind),
  advice: textOr(failure.advice, ''),
});

/** Reads a thrown value as a failure, through its `toJSON()` or directly. Undefined if it is not one, or throws when inspected. */
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

/** The stack of a thrown value for the log, shortened to one line's limit. */
export function stackOf(error: unknown): string {
  try {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return shortened(stack, BOUNDS.message);
  } catch {
    return 'none';
  }
}

/**
 * Converts anything thrown to plain data. Never throws.
 * @param by the function that threw it, if known: `the port fillSlots`
 */
export function asFailure(error: unknown, by = 'a function of the host'): Failure {
  const known = failureIn(error);
  if (known !== undefined) return known;
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
