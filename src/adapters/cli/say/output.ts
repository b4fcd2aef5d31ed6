import { systemClock } from '../../../engine/binding/clock.js';
import { type CliIo, canDraw } from '../cli-io.js';
import { harmlessJson } from './harmless.js';
import type { JsonLine } from './json-line.js';
import { createPlainScreen, createTerminalScreen, type Screen, silentScreen } from './screen.js';

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
}

export function createOutput(io: CliIo, isJson: boolean): Output {
  const isTerminal = canDraw(io);
  // With `--json` people see the way only where it does not run into the lines of JSON.
  const isShown = !isJson || (io.stderr.isTTY === true && io.stdout.isTTY !== true);
  const last = isTerminal ? createTerminalScreen(io.stderr, systemClock.now) : createPlainScreen(io.stderr);
  return {
    json: (line) => {
      if (isJson && line !== undefined) io.stdout.write(`${harmlessJson(line)}\n`);
    },
    screen: isShown ? last : silentScreen,
    last,
    isTerminal: isTerminal && isShown,
  };
}
