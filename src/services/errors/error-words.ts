import { type Redactor, withoutUrlSecrets } from '../redaction/redactor.js';

type Field = 'code' | 'message' | 'cause' | 'errors' | 'syscall' | 'name';

/** What was thrown may be anything: a getter that throws too has nothing to say. */
export function errorField(error: unknown, name: Field): unknown {
  try {
    return (typeof error === 'object' && error !== null) || typeof error === 'function'
      ? Reflect.get(error, name)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The same, where it is text. */
export const errorText = (error: unknown, name: Field): string | undefined => {
  const text = errorField(error, name);
  return typeof text === 'string' ? text : undefined;
};

/** Far more than any transport says. */
const LONGEST_WORDS = 4_096;

/**
 * What an error says, whatever was thrown; redacted before it is cut. Apart from what knows transports: the engine needs it where there is
 * no HTTP.
 */
export function errorWords(error: unknown, redact: Redactor['shown'] = withoutUrlSecrets): string {
  const said = errorText(error, 'message') ?? error;
  if (typeof said === 'string') return redact(said).slice(0, LONGEST_WORDS);
  if (error === null || ['undefined', 'number', 'boolean', 'bigint', 'symbol'].includes(typeof error))
    return String(error).slice(0, LONGEST_WORDS);
  return 'something that is no error was thrown';
}
