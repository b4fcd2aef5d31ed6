import type { JobSummary } from '../../../engine/store/index.js';
import { foldText, formatClock, formatDuration, keepEnd } from './format.js';
import { type TableRow, TableWriter } from './table-writer.js';
import { safeLine } from './terminal-safe.js';
import { widthOf } from './text-width.js';

const BAR_WIDTH = 10;

/** `█████░░░░░  45 %`; empty if unknown. */
export function progressInWords(progress: number | undefined): string {
  if (progress === undefined) return '';
  const share = Math.min(100, Math.max(0, progress));
  const full = Math.round((share / 100) * BAR_WIDTH);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${Math.floor(share)} %`;
}

function waitInWords(job: JobSummary, now: number): string {
  const { waitsFor, completed } = job;
  if (completed !== undefined) return safeLine(completed.file);
  if (job.state === 'failed') return safeLine(job.failureKind ?? '');
  if (waitsFor === undefined) return '';
  const reason = safeLine(waitsFor.reason);
  return waitsFor.until === undefined ? reason : `${reason} until ${formatClock(waitsFor.until, now)}`;
}

const workflowOf = (job: JobSummary): string => safeLine(job.workflowId ?? job.jobSpecId ?? '');

const progressOf = (job: JobSummary): string =>
  progressInWords(job.state === 'completed' ? 100 : job.progress);

const HEAD = ['id', 'workflow', 'state', 'step', 'progress', 'age', 'waits for, or result'];

const rowOf = (job: JobSummary, now: number): TableRow => [
  safeLine(job.id),
  workflowOf(job),
  safeLine(job.state),
  safeLine(job.step ?? ''),
  progressOf(job),
  formatDuration(now - job.createdAt),
  waitInWords(job, now),
];

/** The longest state words of the API have 11 letters. */
const STATE_WIDTH = 13;
/** Width of a column in addition to its text: a border, and a space on either side. */
const COLUMN_EDGES = 3;
/** Below this width, a table is not useful. */
const LEAST_WIDTH = 10;

const columnsOf = (texts: readonly string[]): number => {
  let most = 0;
  for (const text of texts) for (const line of text.split('\n')) most = Math.max(most, widthOf(line));
  return most;
};

const STATE_HEAD = 'state, step';
const PACE_HEAD = 'progress, age';

const stateOf = ({ state, step = '' }: JobSummary): string =>
  [state, step].map((text) => foldText(safeLine(text), STATE_WIDTH)).join('\n');

const paceOf = (job: JobSummary, now: number): string =>
  [progressOf(job).replace(/^[█░]+ /, ''), formatDuration(now - job.createdAt)].join('\n');

/** Two lines per job: related values share a column, and the start of a long path is cut. */
function foldedRows(jobs: readonly JobSummary[], now: number, width: number) {
  const states = jobs.map(stateOf);
  const paces = jobs.map((job) => paceOf(job, now));
  const taken =
    columnsOf(['id', ...jobs.map(({ id }) => safeLine(id))]) +
    columnsOf([STATE_HEAD, ...states]) +
    columnsOf([PACE_HEAD, ...paces]);
  const left = Math.max(2 * LEAST_WIDTH, width - taken - 5 * COLUMN_EDGES - 1);
  const workflowWidth = Math.min(columnsOf(['workflow', ...jobs.map(workflowOf)]), Math.floor(left / 2));
  const endWidth = left - workflowWidth;
  const rows = jobs.map((job, at): TableRow => {
    const end = waitInWords(job, now);
    return [
      safeLine(job.id),
      foldText(workflowOf(job), workflowWidth),
      states[at] ?? '',
      paces[at] ?? '',
      foldText(job.completed === undefined ? end : keepEnd(end, 2 * endWidth), endWidth),
    ];
  });
  const head = ['id', 'workflow', STATE_HEAD, PACE_HEAD, foldText('waits for, or result', endWidth)];
  return { head, rows };
}

/** Lines for a terminal that is too narrow for any table. */
function listedJob(job: JobSummary, now: number, width: number): string {
  const { id, state, step } = job;
  const facts = [
    state,
    step ?? '',
    progressOf(job).replace(/^[█░]+ /, ''),
    formatDuration(now - job.createdAt),
  ];
  const words = facts.filter((fact) => fact !== '').map(safeLine);
  const inner = Math.max(LEAST_WIDTH, width - 2);
  const end = waitInWords(job, now);
  const below = [words.join(', '), workflowOf(job), job.completed === undefined ? end : keepEnd(end, inner)];
  const lines = below.filter((text) => text !== '').flatMap((text) => foldText(text, inner).split('\n'));
  return [foldText(safeLine(id), width), ...lines.map((line) => `  ${line}`)]
    .map((line) => `${line}\n`)
    .join('');
}

/** How the jobs are drawn: the widest way that fits the terminal. */
type Way = 'full' | 'folded' | 'list';

/**
 * The jobs of a store as a table that is drawn in parts. Without colours, because it is also read in logs and by grep. `width`:
 * of the terminal; without one, a job takes one line of any length. The first part decides whether a job takes one line or several.
 */
export class JobsTable {
  readonly #now: number;
  readonly #width: number;
  #writer: TableWriter | undefined;
  #way: Way = 'full';

  constructor(now: number, width = Number.POSITIVE_INFINITY) {
    this.#now = now;
    this.#width = width;
  }

  draw(jobs: readonly JobSummary[]): string {
    if (this.#way === 'list') return this.#list(jobs);
    if (this.#writer === undefined) return this.#begin(jobs);
    return this.#writer.draw(this.#way === 'folded' ? this.#folded(jobs).rows : this.#full(jobs));
  }

  end(): string {
    return this.#writer?.end() ?? '';
  }

  #full(jobs: readonly JobSummary[]): readonly TableRow[] {
    return jobs.map((job) => rowOf(job, this.#now));
  }

  #folded(jobs: readonly JobSummary[]) {
    return foldedRows(jobs, this.#now, this.#width);
  }

  #list(jobs: readonly JobSummary[]): string {
    return jobs.map((job) => listedJob(job, this.#now, this.#width)).join('');
  }

  #begin(jobs: readonly JobSummary[]): string {
    const full = new TableWriter(HEAD);
    const drawn = full.draw(this.#full(jobs));
    if (full.width <= this.#width) {
      this.#writer = full;
      return drawn;
    }
    const { head, rows } = this.#folded(jobs);
    const folded = new TableWriter(head);
    const narrow = folded.draw(rows);
    if (folded.width > this.#width) {
      this.#way = 'list';
      return this.#list(jobs);
    }
    this.#way = 'folded';
    this.#writer = folded;
    return narrow;
  }
}
