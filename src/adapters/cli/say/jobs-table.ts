import Table from 'cli-table3';
import type { JobRecord } from '../../../engine/store/record/job-record.js';
import { foldText, formatClock, formatDuration, keepEnd } from './format.js';
import { safeLine } from './terminal-safe.js';
import { widthOf } from './text-width.js';

const BAR_WIDTH = 10;

/** `█████░░░░░  45 %`; empty where nothing is known. */
export function progressInWords(progress: number | undefined): string {
  if (progress === undefined) return '';
  const share = Math.min(100, Math.max(0, progress));
  const full = Math.round((share / 100) * BAR_WIDTH);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${Math.floor(share)} %`;
}

function waitInWords(job: JobRecord, now: number): string {
  const { waitsFor, completed } = job;
  if (completed !== undefined) return safeLine(completed.file);
  if (waitsFor === undefined) return '';
  const reason = safeLine(waitsFor.reason);
  return waitsFor.until === undefined ? reason : `${reason} until ${formatClock(waitsFor.until, now)}`;
}

const workflowOf = (job: JobRecord): string => safeLine(job.workflowId ?? job.jobSpecId ?? '');

const progressOf = (job: JobRecord): string =>
  progressInWords(job.state === 'completed' ? 100 : job.progress);

function drawTable(head: string[], rows: string[][]): string {
  // No colours: it is read in logs and by grep as well.
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  table.push(...rows);
  return table.toString();
}

const fullTable = (jobs: readonly JobRecord[], now: number): string =>
  drawTable(
    ['id', 'workflow', 'state', 'step', 'progress', 'age', 'waits for, or result'],
    jobs.map((job) => [
      safeLine(job.id),
      workflowOf(job),
      safeLine(job.state),
      safeLine(job.step ?? ''),
      progressOf(job),
      formatDuration(now - job.createdAt),
      waitInWords(job, now),
    ]),
  );

/** The API's longest words for a state have 11 letters. */
const STATE_WIDTH = 13;
/** What a column takes beside its text: a border and a space on either side. */
const COLUMN_EDGES = 3;
/** Below this, a table is no help. */
const LEAST_WIDTH = 10;

const columnsOf = (texts: readonly string[]): number =>
  Math.max(...texts.flatMap((text) => text.split('\n')).map(widthOf));

/** Two lines a job: what belongs together stands in one column, and the start of a long path is left out. */
function foldedTable(jobs: readonly JobRecord[], now: number, width: number): string {
  const ids = ['id', ...jobs.map(({ id }) => safeLine(id))];
  const states = jobs.map(({ state, step = '' }) =>
    [state, step].map((text) => foldText(safeLine(text), STATE_WIDTH)).join('\n'),
  );
  const paces = jobs.map((job) =>
    [progressOf(job).replace(/^[█░]+ /, ''), formatDuration(now - job.createdAt)].join('\n'),
  );
  const [stateHead, paceHead] = ['state, step', 'progress, age'];
  const taken = columnsOf(ids) + columnsOf([stateHead, ...states]) + columnsOf([paceHead, ...paces]);
  const left = Math.max(2 * LEAST_WIDTH, width - taken - 5 * COLUMN_EDGES - 1);
  const workflowWidth = Math.min(columnsOf(['workflow', ...jobs.map(workflowOf)]), Math.floor(left / 2));
  const endWidth = left - workflowWidth;
  const ends = jobs.map((job) => {
    const text = waitInWords(job, now);
    return foldText(job.completed === undefined ? text : keepEnd(text, 2 * endWidth), endWidth);
  });
  return drawTable(
    ['id', 'workflow', stateHead, paceHead, foldText('waits for, or result', endWidth)],
    jobs.map((job, at) => [
      safeLine(job.id),
      foldText(workflowOf(job), workflowWidth),
      states[at] ?? '',
      paces[at] ?? '',
      ends[at] ?? '',
    ]),
  );
}

/** What a store holds, as a table; oldest first. `width`: of the terminal; where there is none, a job takes one line, however long. */
export function jobsTable(jobs: readonly JobRecord[], now: number, width = Number.POSITIVE_INFINITY): string {
  const table = fullTable(jobs, now);
  // Its first line is drawn of lines alone: as many characters as columns of the terminal.
  return table.indexOf('\n') <= width ? table : foldedTable(jobs, now, width);
}
