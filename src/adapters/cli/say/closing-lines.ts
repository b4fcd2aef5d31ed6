import { isResultGone } from '../../../machines/failure/let-go-failure.js';
import { LOCAL_KINDS } from '../../../machines/failure/retry-policy.js';
import type { Failure } from '../../../services/failure.js';
import type { CommandResult } from '../ends/command-result.js';
import { EXIT, type ExitCode } from '../ends/exit-code.js';
import { failureLines } from './event-lines.js';
import { plainFile, type ShowFile } from './file-link.js';
import { formatSize } from './format.js';
import { type ResumeFacts, resumeCommand } from './resume-command.js';
import { safeLine } from './terminal-safe.js';

/** The closing lines of a job. */
export interface ClosingLines {
  /** For people. */
  readonly lines: readonly string[];
  /** For scripts: what happened and what to do next, in one sentence each. */
  readonly message: string;
  readonly advice: string;
  readonly resume?: string | undefined;
}

type Ended = Exclude<CommandResult['output'], { status: 'completed' }>;

const HEADLINES: Readonly<Record<ExitCode, string>> = {
  [EXIT.saved]: 'Saved',
  [EXIT.jobFailed]: 'The job failed',
  [EXIT.usage]: 'Refused, nothing was started',
  [EXIT.inputNeeded]: 'Input is needed, but it cannot be asked for',
  [EXIT.keyRefused]: 'The key is refused',
  [EXIT.maxWait]: 'It would take longer than --max-wait allows',
  [EXIT.outcomeUnknown]: 'It is not known whether the job was created',
  [EXIT.unusable]: 'The server or the network cannot be used',
  [EXIT.outputLost]: 'stdout cannot be written',
  [EXIT.interrupted]: 'Interrupted',
};

function headlineOf({ exitCode, because }: CommandResult, output: Ended): string {
  const { failure } = output;
  const kind = failure?.kind;
  const isUnsaved = kind === 'gone' || (kind === 'storage' && /^the result /.test(failure?.message ?? ''));
  if (exitCode === EXIT.unusable && isUnsaved) return 'The result is not saved';
  if (exitCode === EXIT.unusable && kind !== undefined && LOCAL_KINDS.has(kind))
    return 'Stopped by a problem on this machine; the job continues on the server';
  if (exitCode === EXIT.interrupted && output.jobSpecId === undefined) {
    return kind === 'outcome-unknown'
      ? 'Interrupted while the job was being created: it may or may not exist'
      : 'Interrupted before the job was created';
  }
  if (exitCode === EXIT.interrupted) return 'Interrupted; the job continues on the server';
  if (because === 'input-needed') return 'The job waits for confirmation, and there is no terminal to ask at';
  return HEADLINES[exitCode];
}

/** The failure of an interruption is our own and carries no information. */
function shownFailure(result: CommandResult, { failure }: Ended): Failure | undefined {
  if (result.exitCode === EXIT.interrupted || result.because === 'input-needed') return undefined;
  return failure;
}

const RESUME_LATER = 'Resume the same job at any time.';

/** The commands with which a person decides about a create; without a store, only the job on the server can be continued. */
function decisionAdvice(resume: string | undefined): string {
  if (resume === undefined)
    return 'Look in your account: if the job is there, continue with its id: goal-lane attach JOB_ID';
  return `Look in your account. If the job is there: ${resume} --adopt JOB_ID. Only if it is certainly not there: ${resume} --retry. Or leave it: nothing is lost by deciding later.`;
}

function adviceOf(result: CommandResult, output: Ended, resume: string | undefined): string {
  if (isUndecided(output)) return decisionAdvice(resume);
  if (result.exitCode === EXIT.inputNeeded)
    return result.because === 'input-needed'
      ? 'Confirm it at a terminal, or resume it without --confirm manual.'
      : 'Give the values with --slot or --answers, or resume at a terminal.';
  const said = shownFailure(result, output)?.advice;
  if (said !== undefined && said !== '') return said;
  return resume === undefined ? 'Start it again.' : RESUME_LATER;
}

/** It is unknown whether the job exists: a person has to decide, whatever the exit code. */
const isUndecided = ({ failure, jobSpecId }: Ended): boolean =>
  failure?.kind === 'outcome-unknown' && jobSpecId === undefined;

/** Only a job that can still succeed can be resumed: a refused one is not kept, and a lost result does not come back. */
function resumeOf({ exitCode }: CommandResult, output: Ended, facts: ResumeFacts): string | undefined {
  if (exitCode === EXIT.usage) return undefined;
  if (exitCode === EXIT.unusable && output.failure !== undefined && isResultGone(output.failure))
    return undefined;
  // Without a store only the job on the server can be continued, and only a person can find its id.
  if (output.status === 'detached') return resumeCommand(output, facts);
  return exitCode === EXIT.jobFailed ? undefined : resumeCommand(output, { ...facts, storedId: undefined });
}

function messageOf({ exitCode }: CommandResult, headline: string, said: string | undefined): string {
  if (said === undefined) return headline;
  if (exitCode === EXIT.inputNeeded) return `${headline}: ${said.replace(/^input is needed: /, '')}`;
  // This failure already contains the headline.
  if (exitCode === EXIT.outcomeUnknown || (exitCode === EXIT.unusable && /^the server /.test(said)))
    return `${said.slice(0, 1).toUpperCase()}${said.slice(1)}`;
  return `${headline}: ${said}`;
}

const because = (warning: string | undefined): string =>
  warning === undefined ? '' : `: ${safeLine(warning)}`;

/** The closing lines of a job. */
export function closingLines(
  result: CommandResult,
  facts: ResumeFacts,
  showFile: ShowFile = plainFile,
): ClosingLines {
  const { output } = result;
  if (output.status === 'completed') {
    const { saved } = output;
    if (saved === undefined) return { lines: ['Completed'], message: 'completed', advice: '' };
    const lines = [
      `Saved ${showFile(saved.file)} (${formatSize(saved.bytes)})`,
      `sha256 ${saved.sha256}`,
      ...(saved.verified === false ? [`Warning: not verified${because(saved.warning)}.`] : []),
    ];
    return { lines, message: 'saved', advice: '' };
  }
  const headline = headlineOf(result, output);
  const failure = shownFailure(result, output);
  const resume = resumeOf(result, output, facts);
  const advice = adviceOf(result, output, resume);
  const [, ...more] = failure === undefined ? [] : failureLines(failure);
  const message = messageOf(result, headline, failure?.message);
  const lines = [
    safeLine(more.length === 0 ? message : `${headline}:`),
    ...more,
    // The resume command below makes the advice redundant.
    ...(advice === RESUME_LATER ? [] : [safeLine(advice)]),
    ...(resume === undefined ? [] : [`Resume with: ${resume}`]),
  ];
  return { lines, message, advice, resume };
}
