import { CommanderError } from 'commander';
import { defined } from '../../../services/defined.js';
import type { CliIo } from '../cli-io.js';
import { EXIT, type ExitCode } from '../ends/exit-code.js';
import { type ErrorReport, errorReport } from './error-report.js';
import { isoTime } from './json-line.js';
import { createOutput } from './output.js';
import { safeLine } from './terminal-safe.js';

/** Commander has already printed the error on stderr, or the requested help. */
const usageReport = (error: CommanderError): ErrorReport => ({
  exitCode: error.exitCode === 0 ? EXIT.saved : EXIT.usage,
  lines: [],
  message: error.message,
  advice: 'goal-lane --help says how it is used.',
});

/** Reports why a command ended before or without a job. Returns the exit code. */
export function reportError(io: CliIo, argv: readonly string[], error: unknown): ExitCode {
  const { exitCode, lines, message, advice, failure } =
    error instanceof CommanderError ? usageReport(error) : errorReport(error);
  if (exitCode === EXIT.saved) return exitCode;
  const output = createOutput(io, argv.includes('--json'));
  for (const line of lines) output.last.line(safeLine(line));
  const more = defined({ failure });
  output.json({ type: 'error', at: isoTime(io.now()), exitCode, message, advice, ...more });
  return exitCode;
}
