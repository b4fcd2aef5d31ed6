import type { Setback } from '../../src/machines/failure/retry-policy.js';
import { createJobContext, type JobContext } from '../../src/machines/job-context.js';
import type { Question } from '../../src/machines/question/question.js';
import type { Failed, Succeeded } from '../../src/machines/reply.js';
import type { Failure } from '../../src/services/failure.js';
import type { SlotDefinition } from '../../src/services/wire/wire-types.js';

/** What a new job knows, with changes. */
export const contextWith = (changes: Partial<JobContext> = {}): JobContext => ({
  ...createJobContext({ workflowId: 'wf', files: ['a.txt'] }),
  ...changes,
});

/** What a job that was only named by its id knows, with changes. */
export const attachedWith = (changes: Partial<JobContext> = {}): JobContext => ({
  ...createJobContext({ jobSpecId: 'job_1' }),
  ...changes,
});

export const failureWith = (kind: Failure['kind'], more: Partial<Failure> = {}): Failure => ({
  ...{ kind, message: `it was ${kind}`, advice: 'advice of the service', delivery: 'refused' },
  ...more,
});

export const succeeded = <Value>(value: Value): Succeeded<Value> => ({ ok: true, at: 1_000, value });

export const refused = (kind: Failure['kind'], more: Partial<Failure> = {}): Failed<never> => ({
  ...{ ok: false, at: 1_000, random: 0.5 },
  failure: failureWith(kind, more),
});

export const slot = (slotId: string, more: Partial<SlotDefinition> = {}): SlotDefinition => ({
  ...{ slotId, type: 'text', required: true },
  ...more,
});

/** A question for `tone` that is answered and sent, with changes. */
export const questionWith = (changes: Partial<Question> = {}): Question => ({
  slots: [slot('tone')],
  values: { tone: 'warm' },
  held: { tone: 'warm' },
  fieldErrors: [],
  conflicts: [],
  uncertain: false,
  ...changes,
});

export const checkpointQuestion = (changes: Partial<Question> = {}): Question =>
  questionWith({ checkpoint: { checkpointId: 'c1', slots: [slot('tone')] }, ...changes });

/** So many failures of a kind in a row. */
export const setbackWith = (failure: Failure, attempts = 1): Setback => ({
  ...{ attempts, failure, since: 0, until: 0, spentMs: 0 },
  alike: { attempts, spentMs: 0 },
});
