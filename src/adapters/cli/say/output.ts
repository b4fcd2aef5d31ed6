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

/** The two faces of a command: lines of JSON for scripts, a screen for people. */
export interface Output {
  /** Nothing without `--json`. */
  json(line: JsonLine | undefined): void;
  /** What happens on the way. */
  readonly screen: Screen;
  /** The end, warnings and errors: also where the way is not shown. */
  readonly last: Screen;
  /** The screen is a terminal and has a bar. */
  readonly isTerminal: boolean;
  readonly showFile: ShowFile;
}

export { redactorOf };

/** @param terminal what is drawn on, where there is a terminal */
export function createOutput(
  io: CliIo,
  isJson: boolean,
  terminal: () => Screen = () => createTerminalScreen(io.stderr, systemClock.now),
): Output {
  const isTerminal = canDraw(io);
  // With `--json` people see the way only where it does not run into the lines of JSON.
  const isShown = !isJson || (io.stderr.isTTY === true && io.stdout.isTTY !== true);
  // What the server echoes has lost the key before; this is about what came another way: flags, names of files, a host's errors.
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
