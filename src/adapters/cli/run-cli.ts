import { Command, CommanderError, Help, Option } from 'commander';
import type { CliIo } from './cli-io.js';
import { addAttach } from './commands/attach.js';
import { addBatch } from './commands/batch.js';
import { addCompletion } from './commands/completion.js';
import { addDemo } from './commands/demo.js';
import { addDoctor } from './commands/doctor.js';
import { addEmulate } from './commands/emulate.js';
import { addForget } from './commands/forget.js';
import { addJobs } from './commands/jobs.js';
import { addResume } from './commands/resume.js';
import { addRun } from './commands/run.js';
import { addServe } from './commands/serve.js';
import { addTypes } from './commands/types.js';
import { addWorker } from './commands/worker.js';
import { addWorkflows } from './commands/workflows.js';
import { EXIT, type ExitCode } from './ends/exit-code.js';
import { UsageError } from './ends/usage-error.js';
import { type CommonFlags, LOG_LEVELS } from './flags/flags.js';
import { traceOf } from './flags/settings.js';
import { addHelp } from './help.js';
import { foldWords } from './say/format.js';
import { redactorOf } from './say/redactor-of.js';
import { packageVersion } from './version.js';

/**
 * Opens the trace before the command does anything: a path that cannot be used is refused, and a command that sends nothing
 * leaves a trace without entries.
 */
async function prepareTrace(command: Command): Promise<void> {
  const trace = traceOf(command.optsWithGlobals<CommonFlags>());
  if (trace === undefined) return;
  if (command.name() === 'emulate')
    throw new UsageError(
      'emulate: --trace is for commands that send requests, and this one answers them',
      'Give --trace to the command that calls it; emulate --replay serves that trace.',
    );
  const { openTrace } = await import('../node/trace/trace-file.js');
  openTrace(trace).close();
}

/** Omits the empty default of a flag that may be repeated. */
const optionDescription = (option: Option): string =>
  new Help().optionDescription(option).replace(' (default: [])', '');

/** Below this width, a description begins below its term. */
const LEAST_BESIDE = 32;
const BELOW_INDENT = 6;

/** On a narrow terminal, descriptions are folded below what they describe. */
function formatItem(term: string, termWidth: number, description: string, helper: Help): string {
  const { helpWidth = 80 } = helper;
  const isWide = helpWidth - termWidth - 4 >= LEAST_BESIDE;
  if (description === '' || isWide)
    return new Help().formatItem.call(helper, term, termWidth, description, helper);
  const folded = foldWords(description, Math.max(1, helpWidth - BELOW_INDENT));
  return [`  ${term}`, ...folded.split('\n').map((line) => ' '.repeat(BELOW_INDENT) + line)].join('\n');
}

/** @internal For tests of the help. */
export function createProgram(io: CliIo, finish: (exitCode: ExitCode) => void): Command {
  const program = new Command('goal-lane')
    .description('Runs Convilyn goal jobs, from files on disk to a result on disk.')
    .version(packageVersion())
    .option('--base-url <url>', "base URL of the API (CONVILYN_BASE_URL; default: the reference's)")
    .option('--store <file>', 'where jobs are kept (GOAL_LANE_STORE; :memory: keeps none)')
    .addOption(new Option('--log-level <level>', 'log on stderr').choices(LOG_LEVELS).default('silent'))
    .option('--trace <file.har>', 'write every exchange to a HAR file, without secrets')
    .option('--trace-values', 'keep slot values in the trace')
    .configureHelp({ showGlobalOptions: true, optionDescription, formatItem, minWidthToWrap: 1 })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      // Redacted, because commander repeats what was typed.
      writeErr: (text) => void io.stderr.write(redactorOf(io).kept(text)),
    })
    .showHelpAfterError('(add --help to see how it is used)')
    .addHelpText('after', '\nThe API key is read from CONVILYN_API_KEY, and only from there.')
    .exitOverride()
    .hook('preAction', (_, command) => prepareTrace(command));
  const host = { program, io, finish };
  for (const add of [
    addWorkflows,
    addRun,
    addBatch,
    addAttach,
    addJobs,
    addResume,
    addForget,
    addEmulate,
    addDoctor,
    addTypes,
    addDemo,
    addServe,
    addWorker,
    addCompletion,
  ])
    add(host);
  addHelp(program);
  return program;
}

/**
 * Runs the command line on the given streams. Resolves with the exit code, never rejects.
 * @param argv without `node` and the script
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.saved;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    // The help or the version was requested.
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.saved;
    // Loaded only now, because a successful command does not need it.
    const { reportError } = await import('./say/report-error.js');
    return reportError(io, argv, error);
  }
}
