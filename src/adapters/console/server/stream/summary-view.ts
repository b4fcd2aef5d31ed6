import type { JobView } from '../../../../engine/job/source/job-view.js';
import type { StoredJobRow } from '../../../../engine/job/source/lane-source.js';
import { defined } from '../../../../services/defined.js';

/** A view from the row of a list, for a source without more information on jobs that it does not drive. */
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
