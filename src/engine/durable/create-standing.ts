import { placeOf } from '../interpreter/position.js';
import type { JobRecord } from '../store/record/job-record.js';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The step of `preparing` at which a stored job rests, if it does. */
function preparingStep({ snapshot }: JobRecord): string | undefined {
  const value: unknown = isObject(snapshot) && 'value' in snapshot ? snapshot.value : undefined;
  if (!isObject(value) || !('preparing' in value) || typeof value.preparing !== 'string') return undefined;
  return placeOf({ preparing: value.preparing }).step;
}

/**
 * How a stored job stands to its create: `undecided` waits for a person to say whether there is a job, `in-flight` was stored
 * while the create was out, and becomes undecided when it is resumed. Undefined: there is nothing to decide.
 */
export function createStandingOf(record: JobRecord): 'undecided' | 'in-flight' | undefined {
  if (record.jobSpecId !== undefined) return undefined;
  const step = preparingStep(record);
  if (step === 'outcomeUnknown') return 'undecided';
  return step === 'creating' ? 'in-flight' : undefined;
}
