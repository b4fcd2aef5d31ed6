import type { Writable } from 'node:stream';
import type { Redactor } from '../../../services/redaction/redactor.js';
import { createTerminalBar } from './terminal-bar.js';

/** Output for people: permanent lines, and on a terminal one bar below them. */
export interface Screen {
  line(text: string): void;
  /** Shows or updates the bar. `share` is 0 to 1. Does nothing without a terminal. */
  bar(label: string, share: number): void;
  clearBar(): void;
  /** Delays lines and bar while something else (a prompt) uses the terminal. */
  lend<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Without a terminal: plain lines, no bar. */
export const createPlainScreen = (stream: Writable): Screen => ({
  line: (text) => void stream.write(`${text}\n`),
  bar: () => undefined,
  clearBar: () => undefined,
  lend: (work) => work(),
});

/** For scripts that only read `--json`. */
export const silentScreen: Screen = {
  line: () => undefined,
  bar: () => undefined,
  clearBar: () => undefined,
  lend: (work) => work(),
};

/** On a terminal. */
export function createTerminalScreen(stream: Writable, now: () => number): Screen {
  const bar = createTerminalBar(stream, now);
  let held: string[] | undefined;
  const write = (text: string): void => bar.aside(() => void stream.write(`${text}\n`));
  const lendNow = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    bar.clear();
    const lines: string[] = [];
    held = lines;
    try {
      return await work();
    } finally {
      held = undefined;
      for (const text of lines) write(text);
    }
  };
  // Several jobs may have a question at once: they are asked one after the other.
  let last: Promise<void> = Promise.resolve();
  return {
    line(text) {
      if (held === undefined) write(text);
      else held.push(text);
    },
    bar(label, share) {
      if (held === undefined) bar.show(label, share);
    },
    clearBar: bar.clear,
    lend(work) {
      const turn = last.then(() => lendNow(work));
      last = turn.then(ignore, ignore);
      return turn;
    },
  };
}

const ignore = (): void => undefined;

/** The same screen with redacted text. */
export const redactedScreen = (screen: Screen, { kept }: Pick<Redactor, 'kept'>): Screen => ({
  ...screen,
  line: (text) => screen.line(kept(text)),
  bar: (label, share) => screen.bar(kept(label), share),
});

/** The same screen for one of several jobs: each line is prefixed. */
export const prefixed = (screen: Screen, prefix: string): Screen => ({
  ...screen,
  line: (text) => screen.line(`${prefix}${text}`),
  // One bar cannot show several jobs.
  bar: () => undefined,
  clearBar: () => undefined,
});
