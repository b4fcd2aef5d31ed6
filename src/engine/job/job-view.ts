import type { SnapshotFrom, StateValue } from 'xstate';
import type { goalJobMachine } from '../../machines/goal-job-machine.js';
import type { JobView } from './job-handle.js';

/** `{ executing: 'reading' }` as `executing.reading`. */
export function statePath(value: StateValue): string {
  if (typeof value === 'string') return value;
  return Object.entries(value)
    .map(([parent, child]) => (child === undefined ? parent : `${parent}.${statePath(child)}`))
    .join(' ');
}

const present = <Value extends object>(
  value: Value,
): { [Key in keyof Value]?: Exclude<Value[Key], undefined> } =>
  // Object.fromEntries forgets the keys' names: this is the boundary where they are given back.
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [Key in keyof Value]?: Exclude<Value[Key], undefined>;
  };

/** A snapshot of the machine as hosts without XState see it. */
export function viewOf(snapshot: SnapshotFrom<typeof goalJobMachine>): JobView {
  const { context, tags } = snapshot;
  const path = statePath(snapshot.value);
  const isWaiting = tags.has('rate-limited') || tags.has('backing-off');
  return {
    state: path.split('.')[0] ?? path,
    path,
    tags: [...tags],
    ...present({
      jobSpecId: context.jobSpecId,
      workflowId: context.input.workflowId,
      itemVersion: context.itemVersion,
      progress: context.progress,
      currentStep: context.currentStep,
      waitingUntil: isWaiting ? context.waitUntil : undefined,
    }),
  };
}
