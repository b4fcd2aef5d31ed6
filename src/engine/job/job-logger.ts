import { stackOf } from '../binding/as-failure.js';
import type { Position } from '../interpreter/position.js';
import { statePath } from './view/view-of.js';

export type { Logger as JobLogger } from '../../services/logger.js';

/** The fields of every log line about a job, besides our id of it. */
export function jobFields({ value, context }: Position): object {
  const { setbacks, interrupted, jobSpecId, itemVersion } = context;
  const tried = interrupted === undefined ? 0 : (setbacks[interrupted]?.attempts ?? 0);
  return { jobSpecId, state: statePath(value), itemVersion, attempt: tried + 1 };
}

/** The log fields for a host's listener that threw: which one, for which event, and its stack. */
export const listenerFault = (
  { type }: { readonly type: string },
  listener: { readonly name: string },
  jobId: string,
  error: unknown,
): object => ({
  job: jobId,
  event: type,
  function: `the listener ${listener.name || '(without a name)'}`,
  stack: stackOf(error),
});
