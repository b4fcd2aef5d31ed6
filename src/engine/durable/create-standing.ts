import { statePathOf } from '../interpreter/position.js';
import type { JobRecord } from '../store/record/job-record.js';
import { type JobSummary, summaryOf } from '../store/record/job-summary.js';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The step of `preparing` in which a job is stored, if it is in that state. */
function preparingStep({ place }: JobSummary): string | undefined {
  if (!isObject(place) || !('preparing' in place) || typeof place.preparing !== 'string') return undefined;
  return statePathOf({ preparing: place.preparing }).step;
}

/** The summary of a stored job, whichever form was read. */
export const asSummary = (job: JobRecord | JobSummary): JobSummary =>
  'snapshot' in job ? summaryOf(job) : job;

/**
 * The state of a stored job's create. `undecided`: a person has to say whether there is a job. `in-flight`: stored while the
 * create was in flight; becomes undecided when resumed. Undefined: there is nothing to decide.
 */
export function createStandingOf(job: JobRecord | JobSummary): 'undecided' | 'in-flight' | undefined {
  if (job.jobSpecId !== undefined) return undefined;
  const step = preparingStep(asSummary(job));
  if (step === 'outcomeUnknown') return 'undecided';
  return step === 'creating' ? 'in-flight' : undefined;
}
