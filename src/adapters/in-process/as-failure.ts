import { errorWords } from '../../services/errors/failure-from-transport.js';
import type { Delivery, Failure } from '../../services/failure.js';

const DELIVERIES: ReadonlySet<unknown> = new Set<Delivery>(['not-sent', 'refused', 'unknown']);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isFailure = (value: unknown): value is Failure =>
  isObject(value) &&
  'kind' in value &&
  typeof value.kind === 'string' &&
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

/** The failure that was thrown; undefined where it is none, or defeats whoever looks at it. */
function thrownFailure(error: unknown): Failure | undefined {
  try {
    const plain = hasToJson(error) ? error.toJSON() : error;
    return isFailure(plain) ? whole(plain) : undefined;
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

/** Whatever a port rejected with, as plain data. Total: it does not throw. */
export function asFailure(error: unknown): Failure {
  const thrown = thrownFailure(error);
  if (thrown !== undefined) return thrown;
  const message = errorWords(error);
  if (isAbort(error)) {
    return { kind: 'aborted', message, advice: 'Nothing: the caller asked for it.', delivery: 'unknown' };
  }
  return {
    kind: 'internal',
    message,
    advice: 'A function of the host threw something that is no failure; mend it.',
    delivery: 'unknown',
  };
}
