import type { JobView } from '../../../../engine/job/source/job-view.js';
import type { StoredJobRow } from '../../../../engine/job/source/lane-source.js';
import { defined } from '../../../../services/defined.js';

/** What a list tells of a job, for a source that tells no more of those that it does not drive. */
export function summaryView(row: StoredJobRow): JobView {
  const { state, jobSpecId, workflowId, progress, step, tags = [], retention = {} } = row;
  return {
    state,
    path: state,
    tags,
    files: [],
    retention,
    ...defined({ jobSpecId, workflowId, progress, currentStep: step }),
  };
}
