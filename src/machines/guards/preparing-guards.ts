import type { Workflow } from '../../services/wire/wire-types.js';
import type { WithContext } from '../branch-params.js';
import { isAboutLostFiles, isOutcomeUnknown, isWrongAdoption } from '../failure/create-outcome.js';
import type { JobContext } from '../job-context.js';
import { isJobId } from '../job-id.js';
import type { JobInput } from '../job-input.js';
import type { Reply } from '../reply.js';
import { type Validation, validateJob } from '../validate-job.js';

/** Validates the input against the catalog. Undefined if there is nothing to check. */
export function validation(context: JobContext, reply: Reply<readonly Workflow[]>): Validation | undefined {
  if (!reply.ok || context.input.jobSpecId !== undefined) return undefined;
  return validateJob(context.input, reply.value, context.files);
}

const inputIs =
  (result: Validation['result']) =>
  ({ context }: WithContext, reply: Reply<readonly Workflow[]>): boolean =>
    validation(context, reply)?.result === result;

const policyIs = ({ input }: JobContext, policy: NonNullable<JobInput['onUnknownOutcome']>): boolean =>
  (input.onUnknownOutcome ?? 'ask') === policy;

const isDoubted = ({ context }: WithContext, reply: Reply<unknown>): boolean => context.mayExist && !reply.ok;

/** Guards for the time before a job exists. */
export const preparingGuards = {
  isNewJob: ({ context }: WithContext): boolean => context.jobSpecId === undefined,
  inputIsValid: inputIs('ok'),
  inputIsMissing: inputIs('input-needed'),
  inputIsInvalid: inputIs('invalid'),
  filesAreLost: ({ context }: WithContext, reply: Reply<unknown>): boolean =>
    isAboutLostFiles(context, reply),
  outcomeIsUnknown: (_: unknown, reply: Reply<unknown>): boolean => isOutcomeUnknown(reply),
  outcomeIsUnknownAndHostDecides: ({ context }: WithContext, reply: Reply<unknown>): boolean =>
    isOutcomeUnknown(reply) && policyIs(context, 'ask'),
  outcomeIsUnknownAndPolicyLetsGo: ({ context }: WithContext, reply: Reply<unknown>): boolean =>
    isOutcomeUnknown(reply) && policyIs(context, 'fail'),
  /** An earlier create may have made the job: a refusal of a later one proves nothing about the first. */
  createIsDoubted: isDoubted,
  createIsDoubtedAndHostDecides: ({ context }: WithContext, reply: Reply<unknown>): boolean =>
    isDoubted({ context }, reply) && policyIs(context, 'ask'),
  policyLetsGo: ({ context }: WithContext): boolean => policyIs(context, 'fail'),
  namesAJob: (_: unknown, { jobSpecId }: { readonly jobSpecId: string }): boolean => isJobId(jobSpecId),
  adoptedWrongJob: ({ context }: WithContext, reply: Reply<unknown>): boolean =>
    isWrongAdoption(context, reply),
};
