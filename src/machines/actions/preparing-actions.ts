import type { Failure } from '../../services/failure.js';
import type { Job, Workflow } from '../../services/wire/wire-types.js';
import type { WithContext } from '../branch-params.js';
import { asOutcomeUnknown, asStillUnknown, isOutcomeUnknown } from '../failure/create-outcome.js';
import { hostFault } from '../failure/host-fault.js';
import { failedReply } from '../failure/setback-of.js';
import { validation } from '../guards/preparing-guards.js';
import type { UploadOutcome } from '../job-actors.js';
import { type ContextPatch, type JobContext, withoutSetbacks } from '../job-context.js';
import type { FileFacts } from '../ports.js';
import { patchFromCreate } from '../reading/context-patch.js';
import type { Reply } from '../reply.js';

/** What is said of a create where nothing else is known. */
export const noReply: Failure = {
  kind: 'outcome-unknown',
  message: 'no reply',
  advice: '',
  delivery: 'unknown',
};

const inFlight: Failure = {
  kind: 'aborted',
  message: 'the job was detached while the create was in flight',
  advice: '',
  delivery: 'unknown',
};

function invalid(context: JobContext, reply: Reply<readonly Workflow[]>): Failure {
  const found = validation(context, reply);
  if (found !== undefined && found.result !== 'ok') return found.failure;
  return {
    kind: 'internal',
    message: 'valid input was refused',
    advice: 'Report this.',
    delivery: 'not-sent',
  };
}

/** What is learned of files, catalog and uploads (Steps 1 and 2). */
export const fileActions = {
  keepFiles: (_: unknown, reply: Reply<readonly FileFacts[]>): ContextPatch =>
    reply.ok ? { files: reply.value, uploads: reply.value.map(() => null) } : {},
  keepWorkflow({ context }: WithContext, reply: Reply<readonly Workflow[]>): ContextPatch {
    const found = validation(context, reply);
    return found?.result === 'ok' ? { workflow: found.workflow } : {};
  },
  noteInvalidInput: ({ context }: WithContext, reply: Reply<readonly Workflow[]>): ContextPatch => ({
    failure: invalid(context, reply),
  }),
  /** Those that arrived before a failure are kept too. */
  keepUploads({ context }: WithContext, reply: Reply<readonly UploadOutcome[]>): ContextPatch {
    const arrived = (reply.ok ? reply.value : reply.partial) ?? [];
    const uploads = context.uploads.map((upload, index) => {
      const outcome = arrived.find((candidate) => candidate.index === index);
      return outcome === undefined ? upload : { fileId: outcome.fileId, uploadedAt: reply.at };
    });
    return { uploads };
  },
  forgetUploads: ({ context }: WithContext): ContextPatch => ({
    uploads: context.uploads.map(() => null),
    reuploads: context.reuploads + 1,
  }),
};

/** What is learned of the create (Step 3, law 1), and of a job that is looked up. */
export const createActions = {
  keepTicket: (_: unknown, reply: Reply<string>): ContextPatch => ({
    ticket: reply.ok ? reply.value : undefined,
  }),
  /** A create that is left in flight, by the host or by the deadline, has an unknown outcome: recorded before it is sent. */
  noteCreateInFlight: (): ContextPatch => ({ failure: asOutcomeUnknown(inFlight) }),
  learnCreated: ({ context }: WithContext, reply: Reply<Job>): ContextPatch =>
    reply.ok ? patchFromCreate(context, reply.value, reply.at) : {},
  noteOutcomeUnknown: ({ context }: WithContext): ContextPatch => ({
    failure: asOutcomeUnknown(context.failure ?? noReply),
  }),
  /** Under the policy `retry` too, a create that may have been acted upon is told as what it is. */
  noteIfOutcomeUnknown: ({ context }: WithContext, reply: Reply<unknown>): ContextPatch =>
    isOutcomeUnknown(reply) && context.failure !== undefined
      ? { failure: asOutcomeUnknown(context.failure), mayExist: true }
      : {},
  /** A repeated create may make a second job; the first may exist even if this one is refused. */
  noteMayExist: (): ContextPatch => ({ mayExist: true }),
  noteStillUnknown: (_: unknown, reply: Reply<unknown>): ContextPatch => ({
    failure: asStillUnknown(failedReply(reply).failure),
  }),
  /** A create that threw instead of answering may have gone out before it did. */
  noteCreateFault: (_: unknown, { error }: { readonly error: unknown }): ContextPatch => ({
    failure: hostFault(error),
  }),
  adoptJob: (_: unknown, { jobSpecId }: { readonly jobSpecId: string }): ContextPatch => ({
    jobSpecId,
    failure: undefined,
  }),
  /** Nothing is known of the job by that id, and all that was known before still is. */
  disownAdopted: ({ context }: WithContext): ContextPatch => ({
    jobSpecId: undefined,
    setbacks: withoutSetbacks(context, ['attaching']),
    ...(context.failure === undefined ? {} : { failure: asOutcomeUnknown(context.failure) }),
  }),
};
