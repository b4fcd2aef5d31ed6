import { type CliIo, canAsk, canDraw } from '../cli-io.js';
import { type Finding, ok } from './finding.js';

/** Checks the abilities of this terminal. */
export function checkTerminal(io: CliIo): Finding {
  if (!canDraw(io))
    return ok(
      'terminal',
      'none: plain lines, and a question ends with code 3 unless --answers has its answer',
    );
  const width = io.stdout.columns === undefined ? '' : `, ${io.stdout.columns} columns`;
  const asks = canAsk(io) ? 'questions can be asked' : 'questions cannot be asked: stdin is not a terminal';
  return ok('terminal', `${io.env.TERM ?? 'unknown'}${width}; ${asks}`);
}
