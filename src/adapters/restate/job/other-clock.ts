import { boundTimes, shiftTimes } from '../../../machines/context-times.js';
import type { JobContext } from '../../../machines/job-context.js';

/**
 * The times of a job by the clock of `now`. What was written in the future was written by another clock, or before this one was
 * set: it is treated as written now.
 * @param writtenAt epoch ms by the clock that wrote them
 */
export function inTimeOf(context: JobContext, writtenAt: number, now: number): JobContext {
  return boundTimes(shiftTimes(context, Math.min(now - writtenAt, 0)), now);
}
