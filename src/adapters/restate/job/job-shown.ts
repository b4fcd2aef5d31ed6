import { statePathOf } from '../../../engine/interpreter/position.js';
import type { JobView } from '../../../engine/job/source/job-view.js';
import { viewOf } from '../../../engine/job/view/view-of.js';
import { machineFor } from '../../../machines/goal-job-machine.js';
import type { JobOutput } from '../../../machines/job-output.js';
import { defined } from '../../../services/defined.js';
import { type Drive, parkedFailure } from './drive-job.js';
import type { JobRow } from './job-row.js';
import { decodeJob } from './stored-job.js';

/**
 * The output of a job; undefined while it runs. If the chart threw, whether there is a job decides whether it has failed (law 7,
 * never disowned).
 */
export function outputOf(drive: Drive): JobOutput | undefined {
  const { job } = drive.stored;
  if (job.status === 'done') return job.output;
  const failure = parkedFailure(drive);
  if (failure === undefined) return undefined;
  const { jobSpecId } = job.context;
  if (jobSpecId === undefined) return { status: 'failed', failure };
  return { status: 'detached', jobSpecId, reason: 'local-failure', failure };
}

/** The view of a job; if the chart threw, of its last position. */
export function viewNow({ stored }: Drive): JobView {
  const { value, context, status } = stored.job;
  if (status === 'active') return viewOf(machineFor(context.input).resolveState({ value, context }));
  return viewOf({ value, context });
}

export const rowOf = ({ stored }: Drive): JobRow => {
  const { keyId, createdAt, job } = stored;
  const { input, jobSpecId } = job.context;
  const { workflowId } = input;
  return { createdAt, state: statePathOf(job.value).lifecycle, keyId, ...defined({ workflowId, jobSpecId }) };
};

/** The same for the stored state. */
export const storedView = (raw: unknown): JobView => {
  const { value, context } = decodeJob(raw).stored.job;
  return viewOf(machineFor(context.input).resolveState({ value, context }));
};
