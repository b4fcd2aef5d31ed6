import type { Logger } from '../../services/logger.js';
import { type Clock, clockTimeOf } from './clock.js';

/** Describes a step: `set back by 3600 s`. */
export const stepInWords = (byMs: number): string =>
  `set ${byMs < 0 ? 'back' : 'forward'} by ${Math.round(Math.abs(byMs) / 1_000)} s`;

/** Logs when the wall clock was set. Returns a function that stops it. */
export function logSteps(clock: Clock, logger: Logger | undefined): () => void {
  if (logger === undefined) return () => undefined;
  return (
    clock.onStep?.((byMs) =>
      logger.warn({ byMs }, `the wall clock was ${stepInWords(byMs)}: waits end when their time has passed`),
    ) ?? (() => undefined)
  );
}

/** Converts the deadline in the options of a job from the wall clock to the job's clock. */
export const inClockTime = <Options extends { readonly deadlineAt?: number | undefined }>(
  clock: Clock,
  options: Options,
): Options =>
  options.deadlineAt === undefined
    ? options
    : { ...options, deadlineAt: clockTimeOf(clock, options.deadlineAt) };
