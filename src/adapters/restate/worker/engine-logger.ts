import type { LoggerTransport } from '@restatedev/restate-sdk';
import type { JobLogger } from '../../../engine/job/job-logger.js';

/** A line of this many characters says enough. */
const LONGEST = 500;

/** What the engine's SDK says, as debug lines of the host's log: an attempt that is repeated is how it works, not trouble. */
export const engineLogger =
  (logger: JobLogger | undefined): LoggerTransport =>
  ({ level, context }, ...words) => {
    if (logger === undefined || (level !== 'warn' && level !== 'error')) return;
    const text = words.map((word) => (word instanceof Error ? word.message : String(word))).join(' ');
    logger.debug({ handler: context?.invocationTarget }, text.slice(0, LONGEST));
  };
