import type { Failure } from '../../services/failure.js';

/** Anything can be thrown, even a value that cannot be converted to a string. */
function wordsOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error);
  } catch {
    return 'a value that is not an error was thrown';
  }
}

/** The failure for a function of the host that threw instead of resolving. */
export const hostFault = (error: unknown): Failure => ({
  kind: 'internal',
  message: wordsOf(error),
  advice: 'A function of the host threw; fix it, then resume the job.',
  delivery: 'unknown',
});
