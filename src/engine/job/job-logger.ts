import type { Setback } from '../../machines/failure/retry-policy.js';
import { stackOf } from '../binding/as-failure.js';
import { type Position, statePathOf } from '../interpreter/position.js';
import { statePath } from './view/view-of.js';
import { waitOf } from './view/wait-of.js';

export type { Logger as JobLogger } from '../../services/logger.js';

/** The states that make another call than the one they are named for: a read without a change does not leave `awaitingTurn`. */
const CALLS: Readonly<Record<string, string>> = {
  awaitingTurn: 'reading',
  refreshingVersion: 'readingAgain',
};

/** Which attempt of its call a job is at, or waits for: 1 for the first, whatever calls before it needed. */
function attemptAt(position: Position): number {
  const { step } = statePathOf(position.value);
  const rows: Readonly<Partial<Record<string, Setback>>> = position.context.setbacks;
  return waitOf(position)?.attempt ?? 1 + (rows[CALLS[step] ?? step]?.attempts ?? 0);
}

/** The fields of every log line about a job, besides our id of it. */
export function jobFields(position: Position): object {
  const { jobSpecId, itemVersion } = position.context;
  return { jobSpecId, state: statePath(position.value), itemVersion, attempt: attemptAt(position) };
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
