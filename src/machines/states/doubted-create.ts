import type { Failure } from '../../services/failure.js';
import { asStillUnknown } from '../failure/create-outcome.js';
import type { JobContext } from '../job-context.js';
import type { Reply } from '../reply.js';
import { noteDetach, refused } from './letting-go.js';

type ContextAndDone = { readonly context: JobContext; readonly event: { readonly output: Reply<unknown> } };

/** What the input says of a create whose outcome is unknown. */
export const policyIs =
  (policy: 'ask' | 'retry' | 'fail') =>
  ({ context }: { readonly context: JobContext }): boolean =>
    (context.input.onUnknownOutcome ?? 'ask') === policy;

const isDoubted = ({ context, event }: ContextAndDone): boolean => context.mayExist && !event.output.ok;

const noteStillUnknown = {
  type: 'noteFailure' as const,
  params: ({ event }: ContextAndDone): Failure => asStillUnknown(refused(event.output).failure),
};

/** Before a create that is repeated has an answer: what refuses it says nothing of the one before, so that nothing has failed (laws 1 and 7). */
export const doubtBranches = [
  {
    guard: (news: ContextAndDone): boolean => isDoubted(news) && policyIs('ask')(news),
    target: '#goalJob.preparing.outcomeUnknown',
    actions: [noteStillUnknown],
  },
  {
    guard: isDoubted,
    target: '#goalJob.detached',
    actions: [noteStillUnknown, noteDetach('outcome-unknown')],
  },
] as const;
