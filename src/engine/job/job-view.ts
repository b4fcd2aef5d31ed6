import type { SnapshotFrom, StateValue } from 'xstate';
import type { goalJobMachine } from '../../machines/goal-job-machine.js';
import { defined } from '../../services/defined.js';
import type { JobView } from './job-handle.js';

/** `{ executing: 'reading' }` as `executing.reading`. */
export function statePath(value: StateValue): string {
  if (typeof value === 'string') return value;
  return Object.entries(value)
    .map(([parent, child]) => (child === undefined ? parent : `${parent}.${statePath(child)}`))
    .join(' ');
}

/** A snapshot of the machine as hosts without XState see it. */
export function viewOf(snapshot: SnapshotFrom<typeof goalJobMachine>): JobView {
  const { context, tags } = snapshot;
  const path = statePath(snapshot.value);
  const isWaiting = tags.has('rate-limited') || tags.has('backing-off');
  return {
    state: path.split('.')[0] ?? path,
    path,
    tags: [...tags],
    ...defined({
      jobSpecId: context.jobSpecId,
      workflowId: context.input.workflowId,
      itemVersion: context.itemVersion,
      progress: context.progress,
      currentStep: context.currentStep,
      waitingUntil: isWaiting ? context.waitUntil : undefined,
    }),
  };
}
