import type { SnapshotFrom } from 'xstate';
import type { goalJobMachine } from '../../machines/goal-job-machine.js';
import { stackOf } from '../binding/as-failure.js';
import { statePath } from './view/view-of.js';

export type { Logger as JobLogger } from '../../services/logger.js';

/** The fields that every line about a job carries, besides our own id of it. */
export function jobFields(snapshot: SnapshotFrom<typeof goalJobMachine>): object {
  const { setbacks, interrupted, jobSpecId, itemVersion } = snapshot.context;
  const tried = interrupted === undefined ? 0 : (setbacks[interrupted]?.attempts ?? 0);
  return { jobSpecId, state: statePath(snapshot.value), itemVersion, attempt: tried + 1 };
}

/** What the log says of a host's listener that threw: which one, at which event, and where in it. */
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
