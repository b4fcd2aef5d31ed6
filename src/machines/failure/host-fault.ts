import type { Failure } from '../../services/failure.js';

/** What was thrown may be anything, also what has no text. */
function wordsOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error);
  } catch {
    return 'something that is no error was thrown';
  }
}

/** A function of the host that threw instead of answering, as a failure. */
export const hostFault = (error: unknown): Failure => ({
  kind: 'internal',
  message: wordsOf(error),
  advice: 'A function of the host threw; fix it, then resume the job.',
  delivery: 'unknown',
});
