import type { LoggerTransport } from '@restatedev/restate-sdk';
import type { JobLogger } from '../../../engine/job/job-logger.js';

/** The longest line, in characters. */
const LONGEST = 500;

/** Writes messages of the engine's SDK as debug lines to the host's log, because repeated attempts are normal. */
export const engineLogger =
  (logger: JobLogger | undefined): LoggerTransport =>
  ({ level, context }, ...words) => {
    if (logger === undefined || (level !== 'warn' && level !== 'error')) return;
    const text = words.map((word) => (word instanceof Error ? word.message : String(word))).join(' ');
    logger.debug({ handler: context?.invocationTarget }, text.slice(0, LONGEST));
  };
