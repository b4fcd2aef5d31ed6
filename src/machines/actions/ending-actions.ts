import type { Failure } from '../../services/failure.js';
import type { CallReply, WithContext } from '../branch-params.js';
import { unlessUnknown } from '../failure/create-outcome.js';
import { hostFault } from '../failure/host-fault.js';
import { letGoFailure } from '../failure/let-go-failure.js';
import { LOCAL_KINDS } from '../failure/retry-policy.js';
import { isSaidByApi } from '../failure/said-by-api.js';
import { failedReply, setbackOf } from '../failure/setback-of.js';
import type { ContextPatch } from '../job-context.js';
import type { DetachReason, JobOutput } from '../job-output.js';
import type { Reply } from '../reply.js';

function reasonFor(failure: Failure): DetachReason {
  if (failure.kind === 'key-refused' && isSaidByApi(failure)) return 'key-refused';
  return LOCAL_KINDS.has(failure.kind) ? 'local-failure' : 'unreachable';
}

/** Record why a job has ended on this host. */
export const endingActions = {
  noteFailure: (_: unknown, reply: Reply<unknown>): ContextPatch => ({ failure: failedReply(reply).failure }),
  /** Law 7, never disowned: the job may be alive although a call about it keeps failing. It is detached and can be resumed. */
  letGo({ context }: WithContext, { call, reply }: CallReply): ContextPatch {
    const failure = letGoFailure(context, call, setbackOf(context, call, reply), reply.at);
    return { failure, detachReason: reasonFor(failure) };
  },
  noteHostFault: ({ context }: WithContext, { error }: { readonly error: unknown }): ContextPatch => ({
    failure: unlessUnknown(context, hostFault(error)),
  }),
  noteLocalRefusal: ({ context }: WithContext, reply: Reply<unknown>): ContextPatch => ({
    failure: unlessUnknown(context, failedReply(reply).failure),
  }),
  /** After a failure on this machine. */
  noteLocalDetach: ({ context }: WithContext): ContextPatch => ({
    detachReason: context.jobSpecId === undefined ? 'outcome-unknown' : 'local-failure',
  }),
  noteDetach: (_: unknown, reason: DetachReason): ContextPatch => ({ detachReason: reason }),
  noteOutcome: (_: unknown, outcome: JobOutput['status']): ContextPatch => ({ outcome }),
};
