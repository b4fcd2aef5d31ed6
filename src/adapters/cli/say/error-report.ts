import { errorWords } from '../../../services/errors/error-words.js';
import type { Failure } from '../../../services/failure.js';
import { exitCodeFor } from '../ends/command-result.js';
import { EXIT, type ExitCode } from '../ends/exit-code.js';
import { UsageError } from '../ends/usage-error.js';
import { failureLines } from './event-lines.js';

/** The report of an error that ends a command before or without a job. */
export interface ErrorReport {
  readonly exitCode: ExitCode;
  readonly lines: readonly string[];
  readonly message: string;
  readonly advice: string;
  readonly failure?: Failure;
}

/** Every typed error of goal-lane converts itself to a Failure, also one from another copy of the package. */
function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || !('toJSON' in error) || typeof error.toJSON !== 'function')
    return undefined;
  const failure: unknown = error.toJSON();
  const isFailure =
    typeof failure === 'object' && failure !== null && 'kind' in failure && 'delivery' in failure;
  // Boundary: the two fields that only a Failure has were checked above.
  return isFailure ? (failure as Failure) : undefined;
}

/** The text and the exit code for an error. */
export function errorReport(error: unknown): ErrorReport {
  const failure = failureOf(error);
  if (failure !== undefined) {
    const [first = '', ...more] = failureLines(failure);
    const headline = first === '' ? 'Refused:' : first;
    const { message, advice } = failure;
    return {
      exitCode: exitCodeFor(failure, false),
      lines: [headline, ...more, advice],
      message,
      advice,
      failure,
    };
  }
  const message = errorWords(error);
  if (error instanceof UsageError) {
    return { exitCode: EXIT.usage, lines: [message, error.advice], message, advice: error.advice };
  }
  const advice = 'This is a bug of goal-lane: please report it.';
  return { exitCode: EXIT.unusable, lines: [`Internal error: ${message}`, advice], message, advice };
}
