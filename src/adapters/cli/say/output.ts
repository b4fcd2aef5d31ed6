import { systemClock } from '../../../engine/binding/clock.js';
import { type CliIo, canDraw } from '../cli-io.js';
import { linkedFile, plainFile, type ShowFile } from './file-link.js';
import type { JsonLine } from './json-line.js';
import { redactorOf } from './redactor-of.js';
import {
  createPlainScreen,
  createTerminalScreen,
  redactedScreen,
  type Screen,
  silentScreen,
} from './screen.js';
import { safeJson } from './terminal-safe.js';

/** The two outputs of a command: lines of JSON for scripts, a screen for people. */
export interface Output {
  /** Ignored without `--json`. */
  json(line: JsonLine | undefined): void;
  /** For progress. */
  readonly screen: Screen;
  /** For the end, warnings and errors; shown even if progress is not. */
  readonly last: Screen;
  /** Whether the screen is a terminal with a bar. */
  readonly isTerminal: boolean;
  readonly showFile: ShowFile;
}

export { redactorOf };

/** @param terminal creates the screen for a terminal */
export function createOutput(
  io: CliIo,
  isJson: boolean,
  terminal: () => Screen = () => createTerminalScreen(io.stderr, systemClock.now),
): Output {
  const isTerminal = canDraw(io);
  // With `--json`, progress is shown only where it does not mix with the lines of JSON.
  const isShown = !isJson || (io.stderr.isTTY === true && io.stdout.isTTY !== true);
  // Texts of the server were redacted before; this is for other sources: flags, file names, errors of the host.
  const redactor = redactorOf(io);
  const screen = isTerminal ? terminal() : createPlainScreen(io.stderr);
  const last = redactedScreen(screen, redactor);
  return {
    json: (line) => {
      if (isJson && line !== undefined) io.stdout.write(`${safeJson(redactor.plainJson(line))}\n`);
    },
    screen: isShown ? last : silentScreen,
    last,
    isTerminal: isTerminal && isShown,
    showFile: isTerminal && isShown ? linkedFile(io.stderr) : plainFile,
  };
}
