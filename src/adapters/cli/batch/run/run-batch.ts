import { setMaxListeners } from 'node:events';
import { resolve } from 'node:path';
import { systemClock, wallTimeOf } from '../../../../engine/binding/clock.js';
import type { JobHandle } from '../../../../engine/job/job-handle.js';
import type { Workflow } from '../../../../services/wire/wire-types.js';
import { callWithRetries } from '../../call-with-retries.js';
import type { CliIo } from '../../cli-io.js';
import { EXIT, type ExitCode } from '../../ends/exit-code.js';
import type { BatchFlags } from '../../flags/flags.js';
import { readJobOptions } from '../../flags/job-options.js';
import { prepareOutDirectory } from '../../flags/out-directory.js';
import { formatUntil } from '../../say/format.js';
import { isoTime } from '../../say/json-line.js';
import { createOutput } from '../../say/output.js';
import { safeLine } from '../../say/terminal-safe.js';
import { type CheckedBatch, type CheckSite, checkManifest } from '../check/check-lines.js';
import { findingsReport } from '../check/findings-error.js';
import { type CheckedLine, createLineTable, type LineTable } from '../check/line-table.js';
import { createSpool } from '../check/spool.js';
import type { Manifest } from '../manifest/open-manifest.js';
import { createBatchProgress } from '../progress/batch-progress.js';
import { batchView } from '../view/batch-view.js';
import type { BatchRun } from './batch-run.js';
import { openBatchSession } from './batch-session.js';
import { changedLines } from './changed-lines.js';
import { closeBatch } from './closing.js';
import { createEntrance } from './entrance.js';
import { createOutcomeBook } from './outcome-book.js';
import { runPool } from './pool.js';
import { createReport } from './report.js';
import { haltBatch, runLine } from './run-line.js';
import { sourceOf } from './source-of.js';
import { watchedLines } from './watched-lines.js';

/** Jobs that are queued in addition to those with a place: no place stays free, and no more are held in memory. */
const WAITING = 16;
/** Results that are verified in parallel. */
const CHECKS_AT_ONCE = 4;

const windowOf = ({ session }: BatchRun): number => session.lane.budget().places.limit + WAITING;

async function runLines(run: BatchRun, lines: LineTable): Promise<void> {
  const halted = run.halt.signal;
  const work = (line: CheckedLine): Promise<void> => runLine(run, line);
  await Promise.all([
    runPool(lines.others(), work, { limit: () => CHECKS_AT_ONCE, halted }),
    runPool(lines.jobs(), work, { limit: () => windowOf(run), halted }),
  ]);
}

function refuse(run: BatchRun, name: string, checked: Pick<CheckedBatch, 'findings' | 'more'>): ExitCode {
  const { exitCode, lines, message, advice } = findingsReport(name, checked);
  for (const line of lines) run.output.last.line(safeLine(line));
  const { findings } = checked;
  run.output.json({ type: 'error', at: isoTime(run.io.now()), exitCode, message, advice, findings });
  return exitCode;
}

const MOST_CHANGED = 20;

/** Lines that were changed since the last run, and have no id by which their job would be known. */
function changeNotes(changed: ReadonlyMap<number, string>): string[] {
  const notes = [...changed].map(
    ([line, id]) =>
      `Line ${line} has changed since the last run, where it was job ${id}: it becomes a new job.`,
  );
  const more = notes.length - MOST_CHANGED;
  return more > 0 ? [...notes.slice(0, MOST_CHANGED), `… and ${more} more changed lines`] : notes;
}

function sayNotes(run: BatchRun, notes: readonly string[]): void {
  for (const message of notes) {
    run.output.last.line(safeLine(message));
    run.output.json({ type: 'note', at: isoTime(run.io.now()), message });
  }
}

/** Draws the batch while it runs, if there is a terminal. */
function draw(run: BatchRun): void {
  run.output.terminal?.show(({ columns, rows }) => {
    const now = wallTimeOf(systemClock);
    return batchView({ ...run.progress.snapshot(), budget: run.session.lane.budget(), now, columns, rows });
  });
}

function catalogOf(run: BatchRun): () => Promise<readonly Workflow[]> {
  const { io, output, session } = run;
  const onWait = ({ failure, until }: { failure: { message: string }; until: number }): void =>
    output.screen.line(
      `The catalog cannot be read (${safeLine(failure.message)}); trying again ${formatUntil(until, systemClock.now())}`,
    );
  return () => callWithRetries(() => session.lane.catalog(), { signal: io.interruption.signal, onWait });
}

const siteOf = (run: BatchRun): Omit<CheckSite, 'folder'> => ({
  spool: run.spool,
  catalog: catalogOf(run),
  load: (id) => run.session.store.load(id),
  common: run.optionsNow(),
  now: () => wallTimeOf(systemClock),
  signal: run.io.interruption.signal,
});

/** A function of its own, so that the index of the ids is freed before the jobs run. */
async function linesToRun(run: BatchRun, manifest: Manifest): Promise<LineTable | ExitCode> {
  const { hasId, ...checked } = await checkManifest(manifest, siteOf(run));
  if (checked.findings.length > 0) return refuse(run, manifest.name, checked);
  if (checked.catalogError !== undefined) throw checked.catalogError;
  const changed = await changedLines(run.report.path, checked.lines, { spool: run.spool, hasId });
  await run.report.begin({ isContinued: false });
  sayNotes(run, [...checked.notes, ...changeNotes(changed)]);
  return checked.lines;
}

async function runManifest(run: BatchRun, manifest: Manifest): Promise<ExitCode> {
  const lines = await linesToRun(run, manifest);
  if (typeof lines === 'number') return lines;
  for (const { workflowId } of lines) run.progress.expect(workflowId);
  run.progress.close(lines.size);
  draw(run);
  await runLines(run, lines);
  run.output.terminal?.hide();
  return closeBatch(run, lines, run.io.interruption.signal.aborted ? EXIT.interrupted : EXIT.saved);
}

async function runFolder(run: BatchRun, folder: string, workflowId: string): Promise<ExitCode> {
  const lines = createLineTable();
  await run.report.begin({ isContinued: true });
  draw(run);
  run.output.screen.line(`Watching ${safeLine(folder)}; Ctrl-C ends it, and the same command continues.`);
  const arriving = watchedLines(run, siteOf(run), { folder, workflowId, lines });
  await runPool(arriving, (line) => runLine(run, line), {
    limit: () => windowOf(run),
    halted: run.halt.signal,
  });
  run.output.terminal?.hide();
  return closeBatch(run, lines, run.io.interruption.signal.aborted ? EXIT.interrupted : EXIT.saved);
}

/**
 * `goal-lane batch`: many jobs under one key.
 * @throws UsageError, and refusals of store, lane or client before anything is sent
 */
export async function runBatch(io: CliIo, flags: BatchFlags, args: readonly string[]): Promise<ExitCode> {
  const output = createOutput(io, flags.json === true);
  const source = await sourceOf(io, flags, args);
  const optionsNow = await readJobOptions(io, flags);
  const outDir = resolve(await prepareOutDirectory(flags.out));
  const session = await openBatchSession(io, flags, { outDir, warn: (text) => output.last.line(text) });
  const spool = await createSpool();
  const run: BatchRun = {
    io,
    flags,
    output,
    session,
    spool,
    outDir,
    optionsNow,
    progress: createBatchProgress(systemClock.now),
    outcomes: createOutcomeBook(spool),
    report: createReport(outDir),
    entrance: createEntrance(),
    isWatching: source.type === 'folder',
    active: new Map<string, JobHandle>(),
    halt: new AbortController(),
    unstarted: new Set<string>(),
  };
  // Each job adds a listener to the signal: many are not a leak.
  setMaxListeners(0, io.interruption.signal, run.halt.signal);
  io.interruption.signal.addEventListener('abort', () => run.halt.abort(), { once: true });
  if (io.interruption.signal.aborted) haltBatch(run);
  try {
    if (source.type === 'folder') return await runFolder(run, source.folder, source.workflowId);
    return await runManifest(run, source.manifest);
  } finally {
    output.terminal?.hide();
    await session.close();
    await spool.close();
    await run.report.close();
  }
}
