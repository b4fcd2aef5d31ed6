import { widthOf } from './text-width.js';

/** A row: one text per column, with one or more lines. */
export type TableRow = readonly string[];

const linesOf = (cell: string): readonly string[] => (cell.includes('\n') ? cell.split('\n') : [cell]);

/**
 * Draws a table in parts, each as soon as its rows are known, in linear time. Columns only grow: if a later part has a longer
 * text, lines are longer from there on.
 */
export class TableWriter {
  readonly #head: TableRow;
  #widths: readonly number[];
  #isBegun = false;

  constructor(head: TableRow) {
    this.#head = head;
    this.#widths = head.map(() => 0);
  }

  /** The current width of a line, in terminal columns. */
  get width(): number {
    return this.#widths.reduce((sum, width) => sum + width + 3, 1);
  }

  /** The lines of these rows, preceded by the head the first time. */
  draw(rows: readonly TableRow[]): string {
    const begins = !this.#isBegun;
    this.#isBegun = true;
    this.#widen(begins ? [this.#head, ...rows] : rows);
    const lines: string[] = begins
      ? [this.#rule('┌', '┬', '┐'), ...this.#rowLines(this.#head), this.#rule('├', '┼', '┤')]
      : [];
    for (const row of rows) lines.push(...this.#rowLines(row));
    return lines.map((line) => `${line}\n`).join('');
  }

  end(): string {
    return `${this.#rule('└', '┴', '┘')}\n`;
  }

  #widen(rows: readonly TableRow[]): void {
    const widths = [...this.#widths];
    for (const row of rows) {
      for (const [at, cell] of row.entries())
        for (const line of linesOf(cell)) widths[at] = Math.max(widths[at] ?? 0, widthOf(line));
    }
    this.#widths = widths;
  }

  #rule(left: string, middle: string, right: string): string {
    return left + this.#widths.map((width) => '─'.repeat(width + 2)).join(middle) + right;
  }

  #rowLines(row: TableRow): readonly string[] {
    const cells = row.map(linesOf);
    const height = cells.reduce((most, { length }) => Math.max(most, length), 1);
    return Array.from({ length: height }, (_, at) => {
      const texts = this.#widths.map((width, column) => {
        const text = cells[column]?.[at] ?? '';
        return ` ${text}${' '.repeat(Math.max(0, width - widthOf(text)))} `;
      });
      return `│${texts.join('│')}│`;
    });
  }
}
