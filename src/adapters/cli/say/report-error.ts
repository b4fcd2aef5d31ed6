import { CommanderError } from 'commander';
import { defined } from '../../../services/defined.js';
import type { CliIo } from '../cli-io.js';
import { EXIT, type ExitCode } from '../ends/exit-code.js';
import { type ErrorReport, errorReport } from './error-report.js';
import { isoTime } from './json-line.js';
import { createOutput } from './output.js';
import { safeLine } from './terminal-safe.js';

/** Commander has said on stderr what is wrong, or shown the help that was asked for. */
const usageReport = (error: CommanderError): ErrorReport => ({
  exitCode: error.exitCode === 0 ? EXIT.saved : EXIT.usage,
  lines: [],
  message: error.message,
  advice: 'goal-lane --help says how it is used.',
});

/** Says why a command ended before, or without, a job. Gives the exit code. */
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
