import type { Failure } from '../../services/failure.js';

const isFailure = (value: unknown): value is Failure =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  typeof value.kind === 'string' &&
  'delivery' in value &&
  typeof value.delivery === 'string';

const hasToJson = (value: unknown): value is { toJSON(): unknown } =>
  typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function';

/** Whatever a port rejected with, as plain data. */
export function asFailure(error: unknown): Failure {
  const plain = hasToJson(error) ? error.toJSON() : error;
  if (isFailure(plain)) return plain;
  if (error instanceof Error && error.name === 'AbortError') {
    return {
      kind: 'aborted',
      message: error.message,
      advice: 'Nothing: the caller asked for it.',
      delivery: 'unknown',
    };
  }
  return {
    kind: 'internal',
    message: error instanceof Error ? error.message : String(error),
    advice: 'A function of the host threw something that is no failure; mend it.',
    delivery: 'unknown',
  };
}
