import { setMaxListeners } from 'node:events';
import type { JobOptions } from '../../machines/job-input.js';
import type { JobHandle } from '../in-process/job-handle.js';
import { createClackAsker } from './clack-asker.js';
import type { CliIo } from './cli-io.js';
import { endJob } from './end-job.js';
import { errorReport } from './error-report.js';
import { EXIT, type ExitCode, worstOf } from './exit-code.js';
import type { JobFlags } from './flags.js';
import { followJob } from './follow-job.js';
import { harmlessLine } from './harmless.js';
import { isInteractive, readJobOptions } from './job-options.js';
import { eventLine, isoTime } from './json-line.js';
import { createNarrator } from './narrator.js';
import { prepareOutDirectory } from './out-directory.js';
import { createOutput, type Output } from './output.js';
import { isResultGone } from './result-gone.js';
import { prefixed, type Screen } from './screen.js';
import { openSession, type Session } from './session.js';

interface Run {
  readonly io: CliIo;
  readonly flags: JobFlags;
  readonly output: Output;
  readonly session: Session;
  /** More than one job: each line says whose it is. */
  readonly isOneOfMany: boolean;
  readonly isAttached: boolean;
  readonly isNew: boolean;
}

const screenOf = (run: Run, screen: Screen, id: string): Screen =>
  run.isOneOfMany ? prefixed(screen, `[${harmlessLine(id)}] `) : screen;

async function followOne(run: Run, handle: JobHandle): Promise<ExitCode> {
  const { io, flags, output, session } = run;
  const screen = screenOf(run, output.screen, handle.id);
  const last = screenOf(run, output.last, handle.id);
  const { jobSpecId } = handle.view();
  if (jobSpecId !== undefined) screen.line(`Going on with job ${harmlessLine(jobSpecId)}`);
  const narrate = createNarrator(screen, output.isTerminal && !run.isOneOfMany);
  const verdict = await followJob({
    handle,
    ...(isInteractive(io, flags) ? { asker: createClackAsker(io) } : {}),
    screen: output.last,
    interruption: io.interruption,
    isAttached: run.isAttached,
    onEvent(event) {
      narrate(event);
      output.json(eventLine(handle.id, event));
    },
  });
  screen.clearBar();
  if (verdict.output.status === 'failed' && isResultGone(verdict.output.failure)) {
    await session.giveUpResult(verdict.output.jobSpecId ?? '');
  }
  const goOn = { storedId: session.isStored ? handle.id : undefined, flags: session.flagsToRepeat };
  endJob(io, output, { id: handle.id, verdict, goOn, screen: last, isJson: flags.json === true });
  // Refused before it began: nothing to go on with, so nothing to keep. What was stored before this command is not ours to remove.
  if (run.isNew && verdict.exitCode === EXIT.usage) await session.jobs.remove(handle.id).catch(() => false);
  return verdict.exitCode;
}

function sayNothingToDo({ io, output }: Run): void {
  output.screen.line('This store holds no job that can be gone on with.');
  output.json({ type: 'completed', at: isoTime(io.now()), exitCode: EXIT.saved, count: 0 });
}

/** Those for which it is too late are named, not passed over; nothing of their results stays behind. */
async function leaveOut({ io, output, session }: Run, { id, tooLate }: JobMeant): Promise<void> {
  const message = `Job ${id} cannot be gone on with. ${tooLate?.notes.join(' ')}`;
  output.last.line(harmlessLine(message));
  output.json({ type: 'skipped', at: isoTime(io.now()), id, message });
  await session.giveUpResult(tooLate?.jobSpecId ?? '');
}

/** One of several jobs that cannot even begin must not stop the others. */
async function followOrReport(
  run: Run,
  { id, notes }: JobMeant,
  start: () => Promise<JobHandle>,
): Promise<ExitCode> {
  let handle: JobHandle;
  for (const note of notes) screenOf(run, run.output.screen, id).line(note);
  try {
    handle = await start();
  } catch (error) {
    if (!run.isOneOfMany) throw error;
    const { lines, exitCode, message, advice, failure } = errorReport(error);
    for (const line of lines) screenOf(run, run.output.last, id).line(line);
    const more = failure === undefined ? {} : { failure };
    run.output.json({ type: 'error', at: isoTime(run.io.now()), id, exitCode, message, advice, ...more });
    return exitCode;
  }
  return followOne(run, handle);
}

/** A job before it has begun. */
export interface JobMeant {
  readonly id: string;
  /** What people should know before it goes on. */
  readonly notes: readonly string[];
  /** Present where the server does not keep its result any more, with what is to be said of that. */
  readonly tooLate?: { readonly notes: readonly string[]; readonly jobSpecId?: string };
}

/** How a command gets hold of its jobs. */
export interface JobSource {
  list(session: Session): Promise<readonly JobMeant[]>;
  start(session: Session, id: string, options: JobOptions): Promise<JobHandle>;
  readonly isAttached?: boolean;
  /** There may be several jobs: they share one budget of status reads. */
  readonly isShared?: boolean;
  /** Each job was asked for by its name: what cannot be gone on with is refused, not left out. */
  readonly isEachNamed?: boolean;
  /** The jobs are this command's own: the store did not hold them before. */
  readonly isNew?: boolean;
}

/**
 * Runs jobs from flags to exit code: everything that can be refused is refused first, then they are followed to their end.
 * @throws UsageError, and what the store or the client refuse before anything is sent
 */
export async function runJobs(io: CliIo, flags: JobFlags, source: JobSource): Promise<ExitCode> {
  const output = createOutput(io, flags.json === true);
  const optionsNow = await readJobOptions(io, flags);
  const outDir = await prepareOutDirectory(flags.out);
  const session = await openSession(io, flags, {
    outDir,
    isShared: source.isShared === true,
    warn: (text) => output.last.line(text),
  });
  try {
    const listed = await source.list(session);
    const meant = listed.filter((job) => job.tooLate === undefined || source.isEachNamed === true);
    const isOneOfMany = meant.length > 1;
    // Each job listens to it: many jobs are no leak.
    setMaxListeners(0, io.interruption.signal);
    const { isAttached = false, isNew = false } = source;
    const run = { io, flags, output, session, isOneOfMany, isAttached, isNew };
    for (const job of listed) {
      if (!meant.includes(job)) await leaveOut(run, job);
      else if (job.tooLate?.jobSpecId !== undefined) await session.giveUpResult(job.tooLate.jobSpecId);
    }
    if (meant.length === 0) sayNothingToDo(run);
    const codes = await Promise.all(
      meant.map((job) => followOrReport(run, job, () => source.start(session, job.id, optionsNow()))),
    );
    return worstOf(codes);
  } finally {
    await session.close();
  }
}
