import type { Failure } from '../services/failure.js';
import type { JobContext } from './job-context.js';
import type { JobOutput } from './job-output.js';

const nothingSaid: Failure = {
  kind: 'internal',
  message: 'the job ended without saying why',
  advice: 'Report this.',
  delivery: 'unknown',
};

type Ending = Pick<JobContext, 'jobSpecId' | 'failure' | 'outcome' | 'detachReason'> &
  Partial<Pick<JobContext, 'saved' | 'download'>>;

/** The output of the machine in a final state. */
export function jobResult(context: Ending): JobOutput {
  const { jobSpecId, failure, saved, download, outcome, detachReason } = context;
  const named = jobSpecId === undefined ? {} : { jobSpecId };
  if (outcome === 'completed') {
    return {
      status: 'completed',
      jobSpecId: jobSpecId ?? '',
      download: download ?? { url: '' },
      ...(saved ? { saved } : {}),
    };
  }
  if (outcome === 'detached') {
    return {
      status: 'detached',
      ...named,
      reason: detachReason ?? 'requested',
      ...(failure ? { failure } : {}),
    };
  }
  return { status: 'failed', ...named, failure: failure ?? nothingSaid };
}
