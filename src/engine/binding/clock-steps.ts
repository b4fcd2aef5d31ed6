import type { Logger } from '../../services/logger.js';
import { type Clock, clockTimeOf } from './clock.js';

/** A step in words: `set back by 3600 s`. */
export const stepInWords = (byMs: number): string =>
  `set ${byMs < 0 ? 'back' : 'forward'} by ${Math.round(Math.abs(byMs) / 1_000)} s`;

/** Says in the log when the wall clock was set. Returns what ends that. */
export function logSteps(clock: Clock, logger: Logger | undefined): () => void {
  if (logger === undefined) return () => undefined;
  return (
    clock.onStep?.((byMs) =>
      logger.warn({ byMs }, `the wall clock was ${stepInWords(byMs)}: waits end when their time has passed`),
    ) ?? (() => undefined)
  );
}

/** Options of a job with the deadline that the host gave by the wall clock, as the job's clock tells it. */
export const inClockTime = <Options extends { readonly deadlineAt?: number }>(
  clock: Clock,
  options: Options,
): Options =>
  options.deadlineAt === undefined
    ? options
    : { ...options, deadlineAt: clockTimeOf(clock, options.deadlineAt) };
