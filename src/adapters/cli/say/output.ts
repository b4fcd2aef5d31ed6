import { systemClock } from '../../../engine/binding/clock.js';
import { type CliIo, canDraw } from '../cli-io.js';
import { linkedFile, plainFile, type ShowFile } from './file-link.js';
import type { JsonLine } from './json-line.js';
import { reflowsIn } from './live-region.js';
import { redactorOf } from './redactor-of.js';
import { createPlainScreen, redactedScreen, type Screen, silentScreen } from './screen.js';
import { safeJson } from './terminal-safe.js';
import { createTerminalScreen, type TerminalScreen } from './terminal-screen.js';

/** The two outputs of a command: lines of JSON for scripts, a screen for people. */
export interface Output {
  /** Ignored without `--json`. */
  json(line: JsonLine | undefined): void;
  /** For progress. */
  readonly screen: Screen;
  /** For the end, warnings and errors; shown even if progress is not. */
  readonly last: Screen;
  /** Whether progress is shown on a terminal. */
  readonly isTerminal: boolean;
  /** The terminal of the screen, for a picture. */
  readonly terminal: TerminalScreen | undefined;
  readonly showFile: ShowFile;
}

export { redactorOf };

export function createOutput(io: CliIo, isJson: boolean): Output {
  const isTerminal = canDraw(io);
  // With `--json`, progress is shown only where it does not mix with the lines of JSON.
  const isShown = !isJson || (io.stderr.isTTY === true && io.stdout.isTTY !== true);
  // Texts of the server were redacted before; this is for other sources: flags, file names, errors of the host.
  const redactor = redactorOf(io);
  const options = { now: systemClock.now, reflows: reflowsIn(io.env) };
  const terminal = isTerminal ? createTerminalScreen(io.stderr, options) : undefined;
  const screen = terminal ?? createPlainScreen(io.stderr);
  const last = redactedScreen(screen, redactor);
  return {
    json: (line) => {
      if (isJson && line !== undefined) io.stdout.write(`${safeJson(redactor.plainJson(line))}\n`);
    },
    screen: isShown ? last : silentScreen,
    last,
    isTerminal: isTerminal && isShown,
    terminal: isShown ? terminal : undefined,
    showFile: isTerminal && isShown ? linkedFile(io.stderr) : plainFile,
  };
}
