import { defined } from '../../../../services/defined.js';
import type { CommandResult } from '../../ends/command-result.js';
import { EXIT } from '../../ends/exit-code.js';
import { closingLines } from '../../say/closing-lines.js';
import { errorReport } from '../../say/error-report.js';
import type { ShowFile } from '../../say/file-link.js';
import { formatDuration, formatSize } from '../../say/format.js';
import { endLine, isoTime } from '../../say/json-line.js';
import { safeLine } from '../../say/terminal-safe.js';
import type { BatchLine } from '../manifest/batch-line.js';
import type { BatchRun } from './batch-run.js';
import { kindOf, type Outcome } from './outcome.js';

const named = (id: string, text: string): string => `[${safeLine(id)}] ${text}`;

const secondsOf = (ms: number): number => Math.round(ms / 100) / 10;

/** One line for people, for any end. */
function wordsOf(outcome: Outcome, message: string, advice: string, showFile: ShowFile): string {
  const { file, bytes = 0, seconds = 0, verified } = outcome;
  if (file !== undefined) {
    const unsure = verified === false ? '; not verified' : '';
    return `Saved ${showFile(file)} (${formatSize(bytes)}) in ${formatDuration(seconds * 1_000)}${unsure}`;
  }
  return safeLine(advice === '' ? message : `${message.replace(/\.$/, '')}. ${advice}`);
}

function print(run: BatchRun, outcome: Outcome, words: string): void {
  run.output.last.line(named(outcome.id, words));
  const { file, sha256 } = outcome;
  // For `goal-lane batch … | sha256sum -c`; on a terminal the screen already shows it.
  if (
    file !== undefined &&
    run.flags.json !== true &&
    run.io.stdout.isTTY !== true &&
    outcome.skipped !== true
  )
    run.io.stdout.write(`${sha256}  ${file}\n`);
}

/** Before it is printed, so that the report has what was shown, even if the process is killed now. */
async function note(run: BatchRun, outcome: Outcome, isFresh: boolean): Promise<Outcome> {
  const { id, workflowId } = outcome;
  run.progress.end({ id, workflowId, kind: kindOf(outcome), isFresh });
  await run.outcomes.note(outcome);
  await run.report.add(outcome);
  return outcome;
}

const namesOf = ({ line, id, workflowId }: BatchLine): Pick<Outcome, 'line' | 'id' | 'workflowId'> => ({
  line,
  id,
  workflowId,
});

/** How a job that was followed ended here. `jobId`: its id in the store. */
export interface FollowedEnd {
  readonly result: CommandResult;
  readonly ms: number;
  readonly jobId: string;
}

function outcomeOf(line: BatchLine, { result, ms }: FollowedEnd, message: string): Outcome {
  const { output, exitCode } = result;
  const isCompleted = output.status === 'completed';
  const saved = isCompleted ? output.saved : undefined;
  return {
    ...namesOf(line),
    state: output.status,
    exitCode,
    seconds: secondsOf(ms),
    ...defined({
      jobSpecId: output.jobSpecId,
      file: saved?.file,
      bytes: saved?.bytes,
      sha256: saved?.sha256,
      verified: saved?.verified,
      failure: isCompleted ? undefined : output.failure,
    }),
    ...(isCompleted ? {} : { message }),
  };
}

/** Ends a job that was followed. */
export async function endFollowed(run: BatchRun, line: BatchLine, end: FollowedEnd): Promise<Outcome> {
  const { result, jobId } = end;
  const { session, output } = run;
  if (
    run.unstarted.has(jobId) &&
    result.output.jobSpecId === undefined &&
    result.exitCode === EXIT.interrupted
  ) {
    const message = 'the batch ended before it was started';
    return note(run, { ...namesOf(line), state: 'not-started', exitCode: EXIT.saved, message }, false);
  }
  const storedId = session.isStored ? jobId : undefined;
  const { message, advice, resume } = closingLines(result, { storedId, flags: [] });
  const outcome = outcomeOf(line, end, message);
  await note(run, outcome, true);
  print(run, outcome, wordsOf(outcome, message, advice, output.showFile));
  output.json({
    ...endLine(result, { id: line.id, at: run.io.now(), message, advice, resumeCommand: resume }),
    line: line.line,
    seconds: secondsOf(end.ms),
  });
  return outcome;
}

/** Ends a job that could not be started, or was not allowed to. */
export async function endRefused(run: BatchRun, line: BatchLine, error: unknown): Promise<Outcome> {
  const { message, advice, exitCode, failure } = errorReport(error);
  const outcome: Outcome = { ...namesOf(line), state: 'refused', exitCode, message, ...defined({ failure }) };
  await note(run, outcome, false);
  print(run, outcome, wordsOf(outcome, message, advice, run.output.showFile));
  const more = { id: line.id, line: line.line, exitCode, message, advice, ...defined({ failure }) };
  run.output.json({ type: 'error', at: isoTime(run.io.now()), ...more });
  return outcome;
}

/** Ends a line that is already done, or is left unchanged. */
export async function endSkipped(run: BatchRun, outcome: Outcome): Promise<Outcome> {
  await note(run, outcome, false);
  const { message = '', file, line, exitCode } = outcome;
  const words = file === undefined || exitCode !== EXIT.saved ? message : `is done already: ${file}`;
  const shown = safeLine(`Line ${line} ${words}`);
  if (exitCode === EXIT.saved) run.output.screen.line(named(outcome.id, shown));
  else run.output.last.line(named(outcome.id, shown));
  const { id, state, jobSpecId, bytes, sha256 } = outcome;
  const facts = defined({ jobSpecId, file, bytes, sha256 });
  run.output.json({
    type: 'skipped',
    at: isoTime(run.io.now()),
    id,
    line,
    state,
    exitCode,
    message: words,
    ...facts,
  });
  return outcome;
}
