import { stat } from 'node:fs/promises';
import { systemClock, wallTimeOf } from '../../../../engine/binding/clock.js';
import type { JobHandle, JobHandleEvent } from '../../../../engine/job/job-handle.js';
import type { SavedResult } from '../../../../machines/ports.js';
import { hashFile } from '../../../node/hash-file.js';
import { EXIT } from '../../ends/exit-code.js';
import { isInteractive } from '../../flags/job-options.js';
import { followJob } from '../../jobs/follow-job.js';
import { eventLine } from '../../say/json-line.js';
import { safeLine } from '../../say/terminal-safe.js';
import { createLineAsker } from '../ask/line-asker.js';
import type { PlannedLine } from '../check/check-lines.js';
import type { CheckedLine } from '../check/line-table.js';
import type { BatchLine } from '../manifest/batch-line.js';
import { againId } from '../manifest/line-id.js';
import type { LinePlan } from '../plan/plan-line.js';
import type { BatchRun } from './batch-run.js';
import { fetchAgain, resumeJob, startJob } from './begin-job.js';
import { endFollowed, endRefused, endSkipped } from './end-line.js';
import { hasEntered, type Turn } from './entrance.js';
import { type Outcome, skippedOutcome } from './outcome.js';

/** Whether the job is in a state in which at most files are on the server, which expire there. */
const isUncreated = ({ path, jobSpecId }: ReturnType<JobHandle['view']>): boolean =>
  jobSpecId === undefined && /^preparing\.(starting|validating|inspecting|queued|uploading)/.test(path);

/** Starts no further line and detaches jobs that are not created yet; jobs on the server are followed to their end. */
export function haltBatch(run: BatchRun): void {
  if (run.halt.signal.aborted) return;
  run.halt.abort();
  for (const [id, handle] of run.active) {
    if (!isUncreated(handle.view())) continue;
    run.unstarted.add(id);
    void handle.detach();
  }
}

/** The outcome of an ended job. */
async function follow(run: BatchRun, line: BatchLine, handle: JobHandle, turn?: Turn): Promise<Outcome> {
  const { io, flags, output, session } = run;
  if (turn !== undefined) void hasEntered(handle).then(turn.end);
  const startedAt = systemClock.now();
  run.active.set(handle.id, handle);
  run.progress.begin({ id: line.id, view: () => handle.view() }, line.workflowId);
  const onEvent = (event: JobHandleEvent): void => {
    const jsonLine = eventLine(line.id, event);
    if (jsonLine !== undefined) output.json({ ...jsonLine, line: line.line });
  };
  try {
    const result = await followJob({
      handle,
      ...(isInteractive(io, flags) ? { asker: createLineAsker(io, line.id) } : {}),
      screen: output.last,
      interruption: io.interruption,
      onEvent,
    });
    const outcome = await endFollowed(run, line, {
      result,
      ms: systemClock.now() - startedAt,
      jobId: handle.id,
    });
    // Refused before a job existed: it may be fixed and started again.
    const isNothing = result.output.status === 'failed' && result.output.jobSpecId === undefined;
    if (isNothing) await session.forgetEnded(handle.id).catch(() => undefined);
    return outcome;
  } finally {
    run.active.delete(handle.id);
  }
}

/** How a saved result file has changed; undefined if it has not. */
async function changeOf({ file, bytes, sha256 }: SavedResult): Promise<string | undefined> {
  try {
    const stats = await stat(file);
    if (stats.size !== bytes) return `has ${stats.size} bytes now, and had ${bytes}`;
    return (await hashFile(file)) === sha256 ? undefined : 'has changed since it was saved';
  } catch {
    return 'no longer exists';
  }
}

async function keep(
  run: BatchRun,
  line: BatchLine,
  plan: Extract<LinePlan, { do: 'keep' }>,
): Promise<Outcome> {
  const again = await run.session.store.load(againId(line.id)).catch(() => undefined);
  const saved = again?.completed ?? plan.saved;
  const { jobSpecId } = plan;
  const done = skippedOutcome(line, jobSpecId, saved);
  const change = saved === undefined ? 'was not saved here' : await changeOf(saved);
  if (change === undefined) return endSkipped(run, done);
  const what = `its result ${saved?.file ?? ''} ${change}`.replaceAll('  ', ' ');
  if (jobSpecId === undefined)
    return endSkipped(run, {
      ...done,
      state: 'lost',
      exitCode: EXIT.unusable,
      message: `is done, but ${what}`,
    });
  run.output.last.line(
    safeLine(`[${line.id}] Line ${line.line} is done, but ${what}: it is fetched once more`),
  );
  return follow(run, line, await fetchAgain(run, line, jobSpecId));
}

async function dispatch(run: BatchRun, { line, plan }: PlannedLine, turn?: Turn): Promise<Outcome> {
  const base = { line: line.line, id: line.id, workflowId: line.workflowId };
  if (plan.do === 'leave') {
    const { state, exitCode, why } = plan;
    return endSkipped(run, { ...base, state, exitCode, skipped: true, message: why });
  }
  try {
    if (plan.do === 'keep') return await keep(run, line, plan);
    await turn?.comes;
    if (plan.do === 'resume') return await follow(run, line, await resumeJob(run, line, line.id), turn);
    if (plan.isRefusedBefore) await run.session.forgetEnded(line.id);
    return await follow(run, line, startJob(run, line), turn);
  } catch (error) {
    return endRefused(run, line, error);
  }
}

async function runInTurn(run: BatchRun, checked: CheckedLine, turn?: Turn): Promise<void> {
  // Boundary: written by `checkLines`.
  const planned = (await run.spool.read(checked.place)) as PlannedLine;
  const { deadlineAt } = run.optionsNow();
  if (turn !== undefined && deadlineAt !== undefined && deadlineAt <= wallTimeOf(systemClock)) {
    const { line, id, workflowId } = planned.line;
    const message = 'the time of --max-wait was over before it was started';
    await endSkipped(run, { line, id, workflowId, state: 'not-started', exitCode: EXIT.maxWait, message });
    haltBatch(run);
    return;
  }
  const { exitCode } = await dispatch(run, planned, turn);
  if (exitCode !== EXIT.saved && run.flags.failFast === true) haltBatch(run);
}

/** Processes one line to its end. Takes its turn at once. */
export async function runLine(run: BatchRun, checked: CheckedLine): Promise<void> {
  const hasJob = checked.does === 'start' || checked.does === 'resume';
  const turn = hasJob ? run.entrance.takeTurn(checked.priority) : undefined;
  try {
    await runInTurn(run, checked, turn);
  } finally {
    turn?.end();
  }
}
