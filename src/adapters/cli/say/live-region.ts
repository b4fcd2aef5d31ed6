import type { Writable } from 'node:stream';
import { startWithin, widthOf } from './text-width.js';

export type TerminalStream = Writable & {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
};

/** Lines at the bottom of a terminal that are redrawn in place, also after the terminal has changed its size. */
export interface LiveRegion {
  /** Replaces what is drawn. No line may be wider than the terminal. */
  draw(lines: readonly string[]): void;
  /** Writes permanent text in place of the region, which disappears. */
  replace(text: string): void;
}

const ESC = '\u001b[';
/** The terminal shows nothing in between, so that a frame does not flicker. Others ignore it. */
const [HOLD, SHOW] = [`${ESC}?2026h`, `${ESC}?2026l`];

/** The rows of a line after the terminal has become narrower and has wrapped it. */
export function rowsOf(line: string, columns: number): number {
  let [rows, rest] = [1, line];
  while (widthOf(rest) > columns) {
    rest = rest.slice(startWithin(rest, columns).length);
    rows += 1;
  }
  return rows;
}

/** @param reflows whether the terminal wraps lines again when it gets narrower, as nearly all do; xterm and the console of Linux cut them */
export function createLiveRegion(stream: TerminalStream, reflows = true): LiveRegion {
  let drawn: readonly string[] = [];
  let drawnAt: number | undefined;
  const erase = (columns: number): string => {
    if (drawn.length === 0) return '';
    const rows = reflows ? drawn.reduce((sum, line) => sum + rowsOf(line, columns), 0) : drawn.length;
    return `${ESC}${rows}A\r${ESC}J`;
  };
  const columnsNow = (): number => Math.max(1, stream.columns || 80);
  return {
    draw(lines) {
      const columns = columnsNow();
      const isSame = columns === drawnAt && lines.length === drawn.length;
      if (isSame && lines.every((line, at) => line === drawn[at])) return;
      stream.write(`${HOLD}${erase(columns)}${lines.map((line) => `${line}\n`).join('')}${SHOW}`);
      [drawn, drawnAt] = [lines, columns];
    },
    replace(text) {
      const erased = erase(columnsNow());
      drawn = [];
      if (erased + text !== '') stream.write(erased + text);
    },
  };
}

/** Whether the terminal of this environment wraps lines again when it gets narrower. */
export const reflowsIn = (env: Readonly<Record<string, string | undefined>>): boolean =>
  env.XTERM_VERSION === undefined && env.TERM !== 'linux';
