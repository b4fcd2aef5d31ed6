import type { Command } from 'commander';
import type { CliIo } from './cli-io.js';
import type { ExitCode } from './ends/exit-code.js';

/** The context of a command definition. */
export interface CommandContext {
  readonly program: Command;
  readonly io: CliIo;
  /** Receives the exit code of the command. */
  readonly finish: (exitCode: ExitCode) => void;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** The flags of every command that follows jobs. */
export const withJobFlags = (command: Command): Command =>
  command
    .option('--slot <id=value>', 'a value for a slot; may be repeated', collect, [])
    .option('--answers <file.json>', 'slotId → value, or a list of values that are used in turn')
    .option('--out <dir>', 'folder for the result, created if needed (default: goal-lane-results)')
    .option('--json', 'one event a line on stdout, as JSON')
    .option('--no-input', 'never ask: end with code 3 where a value is missing')
    .option('--max-wait <seconds>', 'stop after this many seconds; the job can be resumed (code 5)');
