import { formatDuration, formatSize, keepEnd } from '../../say/format.js';
import { TableWriter } from '../../say/table-writer.js';
import { safeLine } from '../../say/terminal-safe.js';
import { cutTo, widthOf } from '../../say/text-width.js';

/** The part of an outcome that the table shows. */
export interface ShownOutcome {
  readonly id: string;
  readonly state: string;
  readonly bytes?: number;
  readonly seconds?: number;
  readonly file?: string;
  readonly message?: string;
  readonly skipped?: boolean;
}

const WIDEST_ID = 28;
/** Below this width, the end of a path is not useful. */
const LEAST_END = 20;
/** A border, and a space on either side. */
const COLUMN_EDGES = 3;
const UNBOUND = 500;

const endOf = ({ file, message = '', skipped }: ShownOutcome, width: number): string =>
  file === undefined
    ? cutTo(safeLine(message), width)
    : keepEnd(`${safeLine(file)}${skipped ? ' (before)' : ''}`, width);

const sizeOf = ({ bytes }: ShownOutcome): string => (bytes === undefined ? '' : formatSize(bytes));
const timeOf = ({ seconds }: ShownOutcome): string =>
  seconds === undefined ? '' : formatDuration(seconds * 1_000);

const END_HEAD = 'file, or what was said';

/** Columns before the last one, the widest first: what does not fit is in the report, too. */
const COLUMNS: readonly (readonly [head: string, cell: (outcome: ShownOutcome) => string])[][] = [
  [
    ['state', ({ state }) => state],
    ['size', sizeOf],
    ['time', timeOf],
  ],
  [['state', ({ state }) => state]],
];

/** Two lines for each outcome, for a terminal that is too narrow for a table. */
const listOf = (outcomes: readonly ShownOutcome[], columns: number): string[] =>
  outcomes.flatMap((outcome) => {
    const end = endOf(outcome, Math.max(1, columns - 2));
    return [cutTo(`${outcome.state} ${safeLine(outcome.id)}`, columns), ...(end === '' ? [] : [`  ${end}`])];
  });

/** The outcomes of a batch as lines that fit the terminal. `columns`: of the terminal; undefined: any width. Pure. */
export function outcomeTable(outcomes: readonly ShownOutcome[], columns?: number): string[] {
  const ids = outcomes.map(({ id }) => cutTo(safeLine(id), WIDEST_ID));
  const idWidth = Math.max(2, ...ids.map(widthOf));
  for (const middle of COLUMNS) {
    const cells = outcomes.map((outcome) => middle.map(([, cell]) => cell(outcome)));
    const taken = middle.reduce(
      (sum, [head], at) =>
        sum + COLUMN_EDGES + Math.max(head.length, ...cells.map((row) => widthOf(row[at] ?? ''))),
      idWidth + 2 * COLUMN_EDGES + 1,
    );
    const left = columns === undefined ? UNBOUND : columns - taken;
    if (left < LEAST_END) continue;
    const table = new TableWriter(['id', ...middle.map(([head]) => head), cutTo(END_HEAD, left)]);
    const rows = outcomes.map((outcome, at) => [ids[at] ?? '', ...(cells[at] ?? []), endOf(outcome, left)]);
    return (table.draw(rows) + table.end()).trimEnd().split('\n');
  }
  return listOf(outcomes, columns ?? UNBOUND);
}
