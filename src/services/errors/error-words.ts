import { withoutUrlSecrets } from '../redaction/redact-found.js';
import type { Redactor } from '../redaction/redactor.js';

type Field = 'code' | 'message' | 'cause' | 'errors' | 'syscall' | 'name';

/** Anything can be thrown; a getter that throws counts as missing. */
export function errorField(error: unknown, name: Field): unknown {
  try {
    return (typeof error === 'object' && error !== null) || typeof error === 'function'
      ? Reflect.get(error, name)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The field if it is text. */
export const errorText = (error: unknown, name: Field): string | undefined => {
  const text = errorField(error, name);
  return typeof text === 'string' ? text : undefined;
};

/** Far longer than any transport's message. */
const LONGEST_WORDS = 4_096;

/**
 * The message of anything thrown; redacted before it is cut. Kept apart from transport code, because the engine needs it without
 * HTTP.
 */
export function errorWords(error: unknown, redact: Redactor['shown'] = withoutUrlSecrets): string {
  const said = errorText(error, 'message') ?? error;
  if (typeof said === 'string') return redact(said).slice(0, LONGEST_WORDS);
  if (error === null || ['undefined', 'number', 'boolean', 'bigint', 'symbol'].includes(typeof error))
    return String(error).slice(0, LONGEST_WORDS);
  return 'a value that is not an error was thrown';
}
