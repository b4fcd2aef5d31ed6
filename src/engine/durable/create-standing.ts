import { statePathOf } from '../interpreter/position.js';
import type { JobRecord } from '../store/record/job-record.js';
import { type JobSummary, summaryOf } from '../store/record/job-summary.js';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The step of `preparing` at which a stored job rests, if it does. */
function preparingStep({ place }: JobSummary): string | undefined {
  if (!isObject(place) || !('preparing' in place) || typeof place.preparing !== 'string') return undefined;
  return statePathOf({ preparing: place.preparing }).step;
}

/** A stored job as it is listed, whichever of the two was read. */
export const asSummary = (job: JobRecord | JobSummary): JobSummary =>
  'snapshot' in job ? summaryOf(job) : job;

/**
 * How a stored job stands to its create: `undecided` waits for a person to say whether there is a job, `in-flight` was stored
 * while the create was out, and becomes undecided when it is resumed. Undefined: there is nothing to decide.
 */
export function createStandingOf(job: JobRecord | JobSummary): 'undecided' | 'in-flight' | undefined {
  if (job.jobSpecId !== undefined) return undefined;
  const step = preparingStep(asSummary(job));
  if (step === 'outcomeUnknown') return 'undecided';
  return step === 'creating' ? 'in-flight' : undefined;
}
