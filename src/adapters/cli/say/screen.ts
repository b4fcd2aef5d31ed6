import type { Writable } from 'node:stream';
import type { Redactor } from '../../../services/redaction/redactor.js';

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
