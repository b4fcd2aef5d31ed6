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
import { prefixed } from './screen.js';
import { openSession, type Session } from './session.js';

interface Run {
  readonly io: CliIo;
  readonly flags: JobFlags;
  readonly output: Output;
  readonly session: Session;
  /** More than one job: each line says whose it is. */
  readonly isOneOfMany: boolean;
  readonly isAttached: boolean;
}

async function followOne(run: Run, handle: JobHandle): Promise<ExitCode> {
  const { io, flags, output, session } = run;
  const prefix = `[${harmlessLine(handle.id)}] `;
  const screen = run.isOneOfMany ? prefixed(output.screen, prefix) : output.screen;
  const last = run.isOneOfMany ? prefixed(output.last, prefix) : output.last;
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
  const goOn = { storedId: session.isStored ? handle.id : undefined, flags: session.flagsToRepeat };
  endJob(io, output, { id: handle.id, verdict, goOn, screen: last, isJson: flags.json === true });
  return verdict.exitCode;
}

/** One of several jobs that cannot even begin must not stop the others. */
async function followOrReport(run: Run, id: string, start: () => Promise<JobHandle>): Promise<ExitCode> {
  let handle: JobHandle;
  try {
    handle = await start();
  } catch (error) {
    if (!run.isOneOfMany) throw error;
    const { lines, exitCode, message, advice, failure } = errorReport(error);
    const screen = prefixed(run.output.last, `[${harmlessLine(id)}] `);
    for (const line of lines) screen.line(line);
    const more = failure === undefined ? {} : { failure };
    run.output.json({ type: 'error', at: isoTime(run.io.now()), id, exitCode, message, advice, ...more });
    return exitCode;
  }
  return followOne(run, handle);
}

/** How a command gets hold of its jobs. */
export interface JobSource {
  /** The ids are only for telling jobs apart before they have begun. */
  list(session: Session): Promise<readonly string[]>;
  start(session: Session, id: string, options: JobOptions): Promise<JobHandle>;
  readonly isAttached?: boolean;
}

/**
 * Runs jobs from flags to exit code: everything that can be refused is refused first, then they are followed to their end.
 * @throws UsageError, and what the store or the client refuse before anything is sent
 */
export async function runJobs(io: CliIo, flags: JobFlags, source: JobSource): Promise<ExitCode> {
  const output = createOutput(io, flags.json === true);
  const options = await readJobOptions(io, flags);
  const outDir = await prepareOutDirectory(flags.out);
  const session = await openSession(io, flags, { outDir, warn: (text) => output.last.line(text) });
  try {
    const ids = await source.list(session);
    const run = {
      io,
      flags,
      output,
      session,
      isOneOfMany: ids.length > 1,
      isAttached: source.isAttached === true,
    };
    const codes = await Promise.all(
      ids.map((id) => followOrReport(run, id, () => source.start(session, id, options))),
    );
    return codes.length === 0 ? EXIT.saved : worstOf(codes);
  } finally {
    await session.close();
  }
}
