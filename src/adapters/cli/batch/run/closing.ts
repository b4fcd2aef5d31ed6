import { defined } from '../../../../services/defined.js';
import { EXIT, type ExitCode } from '../../ends/exit-code.js';
import { flagsToRepeat } from '../../jobs/command-session.js';
import { isoTime } from '../../say/json-line.js';
import { shellWord } from '../../say/resume-command.js';
import { safeLine } from '../../say/terminal-safe.js';
import type { LineTable } from '../check/line-table.js';
import { outcomeTable } from '../view/outcome-table.js';
import type { BatchRun } from './batch-run.js';
import { kindOf, type Outcome } from './outcome.js';

const NOTHING = 'The manifest has no lines: there is nothing to do';

/** Maximum number of rows in the table; for more there is the report file. */
const MOST_ROWS = 50;

interface Rows {
  readonly shown: readonly Outcome[];
  readonly more: number;
}

/** It is not known whether its job was created: a person has to decide (law 1, never twice). */
const isUndecided = ({ failure, jobSpecId, exitCode }: Outcome): boolean =>
  jobSpecId === undefined && (exitCode === EXIT.outcomeUnknown || failure?.kind === 'outcome-unknown');

/** Problems first, because a person has to see them. */
function createRows() {
  const [well, ill]: [Outcome[], Outcome[]] = [[], []];
  const counts = { saved: 0, failed: 0, left: 0, 'not-started': 0 };
  const undecided: string[] = [];
  let all = 0;
  return {
    counts,
    undecided,
    add(outcome: Outcome): void {
      counts[outcome.state === 'not-started' ? 'not-started' : kindOf(outcome)] += 1;
      all += 1;
      if (isUndecided(outcome)) undecided.push(outcome.id);
      const rows = outcome.state === 'completed' ? well : ill;
      if (rows.length < MOST_ROWS) rows.push(outcome);
    },
    rows(): Rows {
      const shown = [...ill, ...well].slice(0, MOST_ROWS).sort((a, b) => a.line - b.line);
      return { shown, more: all - shown.length };
    },
  };
}

async function* seen<Entry>(
  entries: AsyncIterable<Entry>,
  look: (entry: Entry) => void,
): AsyncGenerator<Entry> {
  for await (const entry of entries) {
    look(entry);
    yield entry;
  }
}

/** By the exit code: whether something can be resumed. */
const typeOf = (exitCode: ExitCode): string => {
  if (exitCode === EXIT.saved) return 'completed';
  if (exitCode === EXIT.jobFailed) return 'failed';
  return exitCode === EXIT.usage || exitCode === EXIT.keyRefused || exitCode === EXIT.outcomeUnknown
    ? 'error'
    : 'detached';
};

/** What a person has to decide, and the commands for all of it at once. */
function decisionLines({ session, flags }: BatchRun, ids: readonly string[]): string[] {
  const count = ids.length === 1 ? '1 job waits' : `${ids.length} jobs wait`;
  const why = `${count} for your decision: it is not known whether ${ids.length === 1 ? 'it was' : 'they were'} created. Look in your account.`;
  if (!session.isStored) return [why];
  const to = flagsToRepeat(defined({ baseUrl: flags.baseUrl, store: flags.store })).flat();
  const resume = (...words: string[]): string =>
    ['goal-lane', 'resume', ...words, ...to].map(shellWord).join(' ');
  return [
    why,
    `  To be asked about each, at a terminal: ${resume(...ids)}`,
    `  If a job is there: ${resume(ids.length === 1 ? (ids[0] ?? '') : 'ID', '--adopt', 'JOB_ID')}`,
    `  If ${ids.length === 1 ? 'it is' : 'all of them are'} certainly not there: ${resume(...ids, '--retry')}`,
  ];
}

const counted = (count: number, word: string): string[] => (count > 0 ? [`${count} ${word}`] : []);

type Tally = ReturnType<typeof createRows>;

/** Completes the report, whose lines are counted on the way. */
async function tallied(run: BatchRun, lines: LineTable): Promise<Tally> {
  const { outcomes, report, isWatching } = run;
  const tally = createRows();
  const all = seen(outcomes.outcomes(lines), tally.add);
  // Of a watched folder, it has a line for each end, also of earlier runs.
  if (isWatching) for await (const _ of all);
  else await report.replace(all);
  return tally;
}

/** All ends in one sentence. */
function summaryOf({ isWatching }: BatchRun, lines: LineTable, { counts }: Tally): string {
  if (lines.size === 0 && !isWatching) return NOTHING;
  return [
    `${lines.size} ${lines.size === 1 ? 'job' : 'jobs'}: ${counts.saved} saved`,
    ...counted(counts.failed, 'failed'),
    ...counted(counts.left, 'left'),
    ...counted(counts['not-started'], 'not started'),
  ].join(', ');
}

function printTable({ io, output }: BatchRun, { shown, more }: Rows): void {
  const columns = io.stderr.isTTY === true ? io.stderr.columns : undefined;
  for (const line of shown.length === 0 ? [] : outcomeTable(shown, columns)) output.screen.line(line);
  if (more > 0) output.screen.line(`… and ${more} more, in the report`);
}

/** Writes the report, prints the table and the closing lines. */
export async function closeBatch(run: BatchRun, lines: LineTable, atLeast: ExitCode): Promise<ExitCode> {
  const { io, output, flags, outcomes } = run;
  const tally = await tallied(run, lines);
  const { counts, undecided } = tally;
  const report = run.report.path;
  const worst = outcomes.worst();
  const exitCode = worst > atLeast ? worst : atLeast;
  const summary = summaryOf(run, lines, tally);
  if (flags.json !== true || output.isTerminal) printTable(run, tally.rows());
  const isLeft = counts.left + counts['not-started'] > undecided.length;
  const advice = isLeft ? 'The same command line continues with the rest; nothing is created twice.' : '';
  output.last.line(`${summary}. Report: ${safeLine(report)}`);
  const decisions = undecided.length === 0 ? [] : decisionLines(run, undecided);
  // Not cut, however long: the ids were checked when they were read.
  for (const line of decisions) output.last.line(line);
  if (advice !== '') output.last.line(advice);
  output.json({
    type: typeOf(exitCode),
    at: isoTime(io.now()),
    exitCode,
    count: lines.size,
    saved: counts.saved,
    failed: counts.failed,
    left: counts.left,
    notStarted: counts['not-started'],
    report,
    message: summary,
    advice,
    ...defined({ undecided: undecided.length > 0 ? undecided : undefined }),
  });
  return exitCode;
}
