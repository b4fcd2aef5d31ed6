import { EXIT } from '../../ends/exit-code.js';
import { safeLine } from '../../say/terminal-safe.js';
import { type CheckSite, checkLines, type PlannedLine } from '../check/check-lines.js';
import { findingLine } from '../check/findings-error.js';
import type { CheckedLine, LineTable } from '../check/line-table.js';
import type { RawLine } from '../manifest/batch-line.js';
import { derivedId } from '../manifest/line-id.js';
import { arrivingFiles } from '../watch/arriving-files.js';
import type { BatchRun } from './batch-run.js';
import { skippedOutcome } from './outcome.js';

interface Watched {
  readonly folder: string;
  readonly workflowId: string;
  /** Collects every line that is processed. */
  readonly lines: LineTable;
}

async function* once(line: RawLine): AsyncGenerator<RawLine> {
  yield line;
}

/** Reports a finished line that is missing in the report, because a process was killed before it wrote it. */
async function reportKept(run: BatchRun, { place }: CheckedLine): Promise<void> {
  // Boundary: written by `checkLines`.
  const { line, plan } = (await run.spool.read(place)) as PlannedLine;
  if (plan.do !== 'keep' || run.report.holds(line.id)) return;
  const { jobSpecId, saved } = plan;
  await run.report.add(skippedOutcome(line, jobSpecId, saved));
}

/** Files that arrive in a folder, as lines that are checked individually: each content under each name once, across restarts. */
export async function* watchedLines(
  run: BatchRun,
  site: Omit<CheckSite, 'folder'>,
  { folder, workflowId, lines }: Watched,
): AsyncGenerator<CheckedLine> {
  const signal = AbortSignal.any([run.halt.signal, run.io.interruption.signal]);
  let line = 0;
  for await (const { path, sha256 } of arrivingFiles(folder, { signal })) {
    line += 1;
    const id = derivedId({ workflowId, files: [path] }, sha256);
    const raw: RawLine = { line, fields: { workflowId, files: [path], id }, findings: [] };
    const { lines: checkedLines, findings, catalogError } = await checkLines(once(raw), { ...site, folder });
    if (catalogError !== undefined) throw catalogError;
    const [checked] = checkedLines;
    if (checked === undefined) {
      const message = `is not taken: ${findings.map((finding) => finding.rule).join('; ')}`;
      run.output.last.line(safeLine(`${path} ${message}`));
      const lines = findings.map(findingLine);
      run.output.json({
        type: 'skipped',
        at: new Date(run.io.now()).toISOString(),
        id,
        line,
        exitCode: EXIT.usage,
        message,
        findings: lines,
      });
      continue;
    }
    // Finished lines are skipped, even if their result was moved out of its folder.
    if (checked.does === 'keep') {
      await reportKept(run, checked);
      continue;
    }
    lines.add(checked);
    run.progress.expect(workflowId);
    yield checked;
  }
}
