import { setMaxListeners } from 'node:events';
import type { JobHandle } from '../../../engine/job/job-handle.js';
import { isResultGone } from '../../../machines/failure/let-go-failure.js';
import type { JobCommand } from '../../../machines/job-events.js';
import type { JobOptions } from '../../../machines/job-input.js';
import { defined } from '../../../services/defined.js';
import { DEFAULT_OUT_DIR } from '../../node/create-node-ports.js';
import { createClackAsker } from '../ask/clack-asker.js';
import type { CliIo } from '../cli-io.js';
import type { CommandResult } from '../ends/command-result.js';
import { EXIT, type ExitCode, worstOf } from '../ends/exit-code.js';
import type { JobFlags } from '../flags/flags.js';
import { isInteractive, readJobOptions } from '../flags/job-options.js';
import { prepareOutDirectory } from '../flags/out-directory.js';
import { errorReport } from '../say/error-report.js';
import { eventLine, isoTime } from '../say/json-line.js';
import { createNarrator } from '../say/narrator.js';
import { createOutput, type Output } from '../say/output.js';
import { prefixed, type Screen } from '../say/screen.js';
import { safeLine } from '../say/terminal-safe.js';
import { type CommandSession, openSession } from './command-session.js';
import { endJob } from './end-job.js';
import { followJob } from './follow-job.js';
import { givenUpWait } from './given-up-wait.js';

interface Run {
  readonly io: CliIo;
  readonly flags: JobFlags;
  readonly output: Output;
  readonly session: CommandSession;
  /** With more than one job, each line is prefixed with its job. */
  readonly isOneOfMany: boolean;
  readonly isAttached: boolean;
  readonly isNew: boolean;
  readonly decision: JobCommand | undefined;
}

const screenOf = (run: Run, screen: Screen, id: string): Screen =>
  run.isOneOfMany ? prefixed(screen, `[${safeLine(id)}] `) : screen;

/** Prints the closing lines of a job. */
function end(run: Run, id: string, result: CommandResult): ExitCode {
  const { io, flags, output, session } = run;
  const resumeFacts = { storedId: session.isStored ? id : undefined, flags: session.flagsToRepeat };
  const screen = screenOf(run, output.last, id);
  endJob(io, output, { id, result, resumeFacts, screen, isJson: flags.json === true });
  return result.exitCode;
}

/**
 * Refused before it started, also because of the key: there is nothing to resume, and nothing to keep. A job stored before this
 * command is not removed.
 */
const isNothing = ({ exitCode, output }: CommandResult): boolean =>
  exitCode === EXIT.usage ||
  (exitCode === EXIT.keyRefused && output.status === 'failed' && output.jobSpecId === undefined);

const WAITING = 'Interrupted; waiting a few seconds for the answer to the create (again: leave at once)';

async function followOne(run: Run, handle: JobHandle): Promise<ExitCode> {
  const { io, flags, output, session } = run;
  const screen = screenOf(run, output.screen, handle.id);
  const last = screenOf(run, output.last, handle.id);
  const { jobSpecId } = handle.view();
  if (jobSpecId !== undefined) screen.line(`Continuing job ${safeLine(jobSpecId)}`);
  const narrate = createNarrator(screen, output.isTerminal && !run.isOneOfMany);
  const result = await followJob({
    handle,
    ...(isInteractive(io, flags) ? { asker: createClackAsker(io) } : {}),
    screen: output.last,
    interruption: io.interruption,
    isAttached: run.isAttached,
    decision: run.decision,
    onWaiting: () => last.line(WAITING),
    onEvent(event) {
      narrate(event);
      output.json(eventLine(handle.id, event));
    },
  });
  screen.clearBar();
  const { failure } = result.output.status === 'completed' ? {} : result.output;
  if (result.type === 'error' && failure !== undefined && isResultGone(failure)) {
    await session.giveUpResult(result.output.jobSpecId ?? '');
  }
  end(run, handle.id, result);
  if (run.isNew && isNothing(result)) await session.jobs.remove(handle.id).catch(() => false);
  return result.exitCode;
}

function sayNothingToDo({ io, output }: Run, exitCode: ExitCode): void {
  const message = 'This store has no jobs to resume.';
  output.screen.line(message);
  const at = isoTime(io.now());
  if (exitCode === EXIT.saved) output.json({ type: 'completed', at, exitCode, count: 0 });
  else output.json({ type: 'error', at, exitCode, message, advice: 'Look at those that were skipped.' });
}

/** The API has reported that it failed: there is nothing to do about it, and nothing new. */
const hasFailed = ({ passedOver }: JobChoice): boolean =>
  passedOver !== undefined && passedOver.goneResultOf === undefined && passedOver.isLeftToDo !== true;

/** Reports a skipped job; partial downloads of a lost result are removed. */
async function leaveOut({ io, output, session }: Run, job: JobChoice): Promise<void> {
  const { id, passedOver } = job;
  const message = `Job ${id} cannot be resumed. ${passedOver?.notes.join(' ')}`;
  if (!hasFailed(job)) output.last.line(safeLine(message));
  output.json({ type: 'skipped', at: isoTime(io.now()), id, message });
  await session.giveUpResult(passedOver?.goneResultOf ?? '');
}

const MOST_NAMED = 5;

/** Failed jobs in one line, because `resume --all` meets them each time. */
function sayFailed({ output }: Run, ended: readonly JobChoice[]): void {
  if (ended.length === 0) return;
  const named = ended.slice(0, MOST_NAMED).map(({ id }) => id);
  const ids = ended.length > named.length ? [...named, `${ended.length - named.length} more`] : named;
  const count = ended.length === 1 ? '1 job has' : `${ended.length} jobs have`;
  output.last.line(
    safeLine(
      `${count} failed and cannot be resumed (${ids.join(', ')}). goal-lane jobs says why; goal-lane forget --ended removes what has ended.`,
    ),
  );
}

/** If one of several jobs cannot start, the others continue. */
async function followOrReport(
  run: Run,
  { id, notes }: JobChoice,
  start: () => Promise<JobHandle>,
): Promise<ExitCode> {
  let handle: JobHandle;
  for (const note of notes) screenOf(run, run.output.screen, id).line(note);
  try {
    handle = await start();
  } catch (error) {
    const result = await givenUpWait(error, id, run.session, run.io, run.flags);
    if (result !== undefined) return end(run, id, result);
    if (!run.isOneOfMany) throw error;
    const { lines, exitCode, message, advice, failure } = errorReport(error);
    for (const line of lines) screenOf(run, run.output.last, id).line(line);
    const more = defined({ failure });
    run.output.json({ type: 'error', at: isoTime(run.io.now()), id, exitCode, message, advice, ...more });
    return exitCode;
  }
  return followOne(run, handle);
}

/** A stored job that is not resumed. */
export interface PassedOver {
  readonly notes: readonly string[];
  /** The `jobSpecId`, if the server no longer keeps the result. */
  readonly goneResultOf?: string;
  /** The job may be alive, and a person has to act. */
  readonly isLeftToDo?: boolean;
}

/** A job before it starts. */
export interface JobChoice {
  readonly id: string;
  /** What people should know before it continues. */
  readonly notes: readonly string[];
  /** Present if there is nothing to resume, with the explanation. */
  readonly passedOver?: PassedOver;
}

/** How a command gets its jobs. */
export interface JobSource {
  list(session: CommandSession): Promise<readonly JobChoice[]>;
  start(session: CommandSession, id: string, options: JobOptions): Promise<JobHandle>;
  readonly isAttached?: boolean;
  /** The folder of each job is stored with it, so no other one is created. */
  readonly hasStoredFolders?: boolean;
  /** There may be several jobs: they share one budget of status reads. */
  readonly isShared?: boolean;
  /** Each job was requested by id: if it cannot be resumed, that is an error. */
  readonly isEachNamed?: boolean;
  /** The decision about a create with unknown outcome. */
  readonly decision?: JobCommand;
  /** This command creates the jobs: they were not in the store before. */
  readonly isNew?: boolean;
}

/** A decision is given once, by this command: the job's own policy must not replace it. */
const decidedBy = (options: JobOptions, decision: JobCommand | undefined): JobOptions =>
  decision === undefined ? options : { ...options, onUnknownOutcome: 'ask' };

/**
 * Runs jobs from flags to exit code: first everything that can be refused is checked, then the jobs are followed to their end.
 * @throws UsageError, and refusals of the store or the client before anything is sent
 */
export async function runJobs(io: CliIo, flags: JobFlags, source: JobSource): Promise<ExitCode> {
  const output = createOutput(io, flags.json === true);
  const optionsNow = await readJobOptions(io, flags);
  const isStored = source.hasStoredFolders === true && flags.out === undefined;
  const outDir = isStored ? DEFAULT_OUT_DIR : await prepareOutDirectory(flags.out);
  const session = await openSession(io, flags, {
    outDir,
    isShared: source.isShared === true,
    warn: (text) => output.last.line(text),
  });
  try {
    const listed = await source.list(session);
    const chosen = listed.filter((job) => job.passedOver === undefined || source.isEachNamed === true);
    const isOneOfMany = chosen.length > 1;
    // Each job adds a listener to the signal: many are not a leak.
    setMaxListeners(0, io.interruption.signal);
    const { isAttached = false, isNew = false, decision } = source;
    const run = { io, flags, output, session, isOneOfMany, isAttached, isNew, decision };
    for (const job of listed) {
      if (!chosen.includes(job)) await leaveOut(run, job);
      else if (job.passedOver?.goneResultOf !== undefined)
        await session.giveUpResult(job.passedOver.goneResultOf);
    }
    sayFailed(
      run,
      listed.filter((job) => !chosen.includes(job) && hasFailed(job)),
    );
    const isLeft = listed.some((job) => job.passedOver?.isLeftToDo === true && !chosen.includes(job));
    const atLeast = isLeft ? EXIT.unusable : EXIT.saved;
    if (chosen.length === 0) sayNothingToDo(run, atLeast);
    const codes = await Promise.all(
      chosen.map((job) =>
        followOrReport(run, job, () => source.start(session, job.id, decidedBy(optionsNow(), decision))),
      ),
    );
    return worstOf([atLeast, ...codes]);
  } finally {
    await session.close();
  }
}
