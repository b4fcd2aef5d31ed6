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

/** The failure of a create about which nothing else is known. */
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

/** Record what the replies about files, catalog and uploads contain ("Step 1: Workflow Catalog" and "Step 2: Upload a File"). */
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
  /** Files that were uploaded before a failure are kept too. */
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

/** Record the outcome of the create ("Step 3: Create a Job", law 1, never twice) and of looking up an existing job. */
export const createActions = {
  keepTicket: (_: unknown, reply: Reply<string>): ContextPatch => ({
    ticket: reply.ok ? reply.value : undefined,
  }),
  /** Runs before the create is sent: if the host or the deadline detaches while it is in flight, its outcome is unknown. */
  noteCreateInFlight: (): ContextPatch => ({ failure: asOutcomeUnknown(inFlight) }),
  learnCreated: ({ context }: WithContext, reply: Reply<Job>): ContextPatch =>
    reply.ok ? patchFromCreate(context, reply.value, reply.at) : {},
  noteOutcomeUnknown: ({ context }: WithContext): ContextPatch => ({
    failure: asOutcomeUnknown(context.failure ?? noReply),
  }),
  /** Also under the policy `retry`, a create whose outcome is unknown is reported as such. */
  noteIfOutcomeUnknown: ({ context }: WithContext, reply: Reply<unknown>): ContextPatch =>
    isOutcomeUnknown(reply) && context.failure !== undefined
      ? { failure: asOutcomeUnknown(context.failure), mayExist: true }
      : {},
  /** A repeated create may make a second job. The first may exist even if this one is refused. */
  noteMayExist: (): ContextPatch => ({ mayExist: true }),
  noteStillUnknown: (_: unknown, reply: Reply<unknown>): ContextPatch => ({
    failure: asStillUnknown(failedReply(reply).failure),
  }),
  /** A create port that threw may have sent the request before it did. */
  noteCreateFault: (_: unknown, { error }: { readonly error: unknown }): ContextPatch => ({
    failure: hostFault(error),
  }),
  adoptJob: (_: unknown, { jobSpecId }: { readonly jobSpecId: string }): ContextPatch => ({
    jobSpecId,
    failure: undefined,
  }),
  /** The adopted id is unknown to the server. Everything known before the adoption is kept. */
  disownAdopted: ({ context }: WithContext): ContextPatch => ({
    jobSpecId: undefined,
    setbacks: withoutSetbacks(context, ['attaching']),
    ...(context.failure === undefined ? {} : { failure: asOutcomeUnknown(context.failure) }),
  }),
};
