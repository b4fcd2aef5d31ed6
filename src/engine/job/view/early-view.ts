import type { JobInput } from '../../../machines/job-input.js';
import type { JobOutput } from '../../../machines/job-output.js';
import { defined } from '../../../services/defined.js';
import type { JobView } from '../source/job-view.js';
import { lastPart } from './file-views.js';

/** The view of a job before its first step. */
export const earlyView = ({ workflowId, jobSpecId, files = [] }: JobInput, now: number): JobView => ({
  state: 'preparing',
  path: 'preparing.starting',
  tags: [],
  files: files.map((handle) => ({ handle, name: lastPart(handle), state: 'waiting', sentBytes: 0 })),
  retention: {},
  since: now,
  ...defined({ workflowId, jobSpecId }),
});

/** The view of a job that ended outside its chart: it never started, or its machine threw. */
export function endedView(before: JobView, output: JobOutput, now: number): JobView {
  const { wait, waitingUntil, queue, needs, request, decision, ...facts } = before;
  return {
    ...facts,
    state: output.status,
    path: output.status,
    tags: [],
    since: now,
    ...defined({
      failure: 'failure' in output ? output.failure : undefined,
      detachReason: output.status === 'detached' ? output.reason : undefined,
    }),
  };
}
