import type { CliIo } from '../cli-io.js';
import type { CommandResult } from '../ends/command-result.js';
import { closingLines } from '../say/closing-lines.js';
import { endLine } from '../say/json-line.js';
import type { Output } from '../say/output.js';
import type { ResumeFacts } from '../say/resume-command.js';
import type { Screen } from '../say/screen.js';

interface EndedJob {
  readonly id: string;
  readonly result: CommandResult;
  readonly resumeFacts: ResumeFacts;
  /** Where the closing lines go: `last` of the output, or that of one of several jobs. */
  readonly screen: Screen;
  readonly isJson: boolean;
}

/** Prints the closing lines of a job, for people and for scripts. */
export function endJob(io: CliIo, output: Output, job: EndedJob): void {
  const { result, id, screen } = job;
  const { lines, message, advice, resume } = closingLines(result, job.resumeFacts, output.showFile);
  for (const line of lines) screen.line(line);
  output.json(endLine(result, { id, at: io.now(), message, advice, resumeCommand: resume }));
  const saved = result.output.status === 'completed' ? result.output.saved : undefined;
  // For `goal-lane run … | sha256sum -c` and `$(…)`; on a terminal the screen already shows it.
  if (saved !== undefined && !job.isJson && io.stdout.isTTY !== true) {
    io.stdout.write(`${saved.sha256}  ${saved.file}\n`);
  }
}
