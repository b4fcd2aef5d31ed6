import type { Failure } from '../../services/failure.js';
import type { Job } from '../../services/wire/wire-types.js';
import { asOutcomeUnknown, isAboutLostFiles, isOutcomeUnknown } from '../failure/create-outcome.js';
import type { JobContext } from '../job-context.js';
import type { JobEmitted } from '../job-events.js';
import { isJobId } from '../job-id.js';
import { jobSetup } from '../job-setup.js';
import { chartCourse } from '../reading/course.js';
import { learnCreated } from '../reading/news.js';
import type { Reply } from '../reply.js';
import { doubtBranches, policyIs } from './doubted-create.js';
import { crashBranches, crashed, noteDetach, noteFailure, refusedBranches } from './letting-go.js';
import { waitBranches } from './waits.js';

type ContextAndJob = { readonly context: JobContext; readonly event: { readonly output: Reply<Job> } };

const noteCreated = {
  type: 'note' as const,
  params: ({ context, event }: ContextAndJob): Partial<JobContext> =>
    event.output.ok ? learnCreated(context, event.output.value, event.output.at) : {},
};

const announceCreated = {
  type: 'announce' as const,
  params: ({ context }: ContextAndJob): JobEmitted => ({
    type: 'created',
    jobSpecId: context.jobSpecId ?? '',
    ...(context.itemVersion === undefined ? {} : { itemVersion: context.itemVersion }),
  }),
};

const created =
  (isPending: boolean) =>
  ({ context, event }: ContextAndJob): boolean =>
    event.output.ok && (chartCourse(context, event.output.value) === 'pending') === isPending;

const unknownWith =
  (policy: 'ask' | 'retry' | 'fail') =>
  ({ context, event }: ContextAndJob): boolean =>
    isOutcomeUnknown(event.output) && policyIs(policy)({ context });

const noteUnknown = {
  type: 'noteFailure' as const,
  params: ({ context }: { context: JobContext }): Failure =>
    asOutcomeUnknown(
      context.failure ?? { kind: 'outcome-unknown', message: 'no reply', advice: '', delivery: 'unknown' },
    ),
};

/** A create that threw instead of answering may have gone out before it did. */
const noteCrash = { type: 'noteFailure' as const, params: crashed };

const announceUnknown = {
  type: 'announce' as const,
  params: ({ context }: { context: JobContext }): JobEmitted => ({
    type: 'outcomeUnknown',
    failure: context.failure ?? {
      kind: 'outcome-unknown',
      message: 'no reply',
      advice: '',
      delivery: 'unknown',
    },
  }),
};

/** Whoever leaves a create in flight, be it the host or the deadline, leaves its outcome unknown: written down before it goes out. */
const noteInFlight = {
  type: 'noteFailure' as const,
  params: asOutcomeUnknown({
    kind: 'aborted',
    message: 'the job was let go while the create was in flight',
    advice: '',
    delivery: 'unknown',
  }),
};

/** Under the policy `retry` too, a create that may have been acted upon is told as what it is. */
const noteIfUnknown = {
  type: 'note' as const,
  params: ({ context, event }: ContextAndJob): Partial<JobContext> =>
    isOutcomeUnknown(event.output) && context.failure !== undefined
      ? { failure: asOutcomeUnknown(context.failure), mayExist: true }
      : {},
};

/** Whoever creates once more takes a second job upon himself; the first may exist all the same, should this one be refused. */
const noteMayExist = { type: 'note' as const, params: { mayExist: true } };

const uploadAgain = {
  type: 'note' as const,
  params: ({ context }: { context: JobContext }): Partial<JobContext> => ({
    uploads: context.uploads.map(() => null),
    reuploads: context.reuploads + 1,
  }),
};

/** Step 3, under law 1: a create is never repeated unless the server certainly did not act. */
export const creatingStates = {
  arming: jobSetup.createStateConfig({
    description:
      'This process takes a one-use ticket: a create restored elsewhere is refused, not sent twice.',
    invoke: {
      src: 'issueTicket',
      input: {},
      onDone: [
        ...refusedBranches,
        {
          target: 'creating',
          actions: {
            type: 'note',
            params: ({ event }) => ({ ticket: event.output.ok ? event.output.value : undefined }),
          },
        },
      ],
      onError: crashBranches,
    },
  }),
  creating: jobSetup.createStateConfig({
    description: 'The job is being created. There is no idempotency key: this is sent once.',
    tags: ['in-flight'],
    entry: [noteInFlight],
    invoke: {
      src: 'createJob',
      input: ({ context }) => ({
        ticket: context.ticket ?? '',
        workflowId: context.input.workflowId ?? '',
        fileIds: context.uploads.flatMap((upload) => (upload === null ? [] : [upload.fileId])),
      }),
      onDone: [
        { guard: created(true), target: '#goalJob.pending', actions: [noteCreated, announceCreated] },
        { guard: created(false), target: 'attaching', actions: [noteCreated, announceCreated] },
        {
          guard: ({ context, event }) => isAboutLostFiles(context, event.output),
          target: 'uploading',
          actions: [noteFailure, uploadAgain],
        },
        { guard: unknownWith('ask'), target: 'outcomeUnknown', actions: [noteFailure, noteUnknown] },
        {
          guard: unknownWith('fail'),
          target: '#goalJob.detached',
          actions: [noteFailure, noteUnknown, noteDetach('outcome-unknown')],
        },
        ...waitBranches('creating').map((branch) => ({
          ...branch,
          actions: [...branch.actions, noteIfUnknown],
        })),
        // Under the policy to repeat, where repeating has not helped or is of no use.
        {
          guard: ({ event }) => isOutcomeUnknown(event.output),
          target: '#goalJob.detached',
          actions: [noteFailure, noteUnknown, noteDetach('outcome-unknown')],
        },
        ...doubtBranches,
        { target: '#goalJob.failed', actions: [noteFailure] },
      ],
      onError: [
        {
          guard: policyIs('fail'),
          target: '#goalJob.detached',
          actions: [noteCrash, noteUnknown, noteDetach('outcome-unknown')],
        },
        // Under the policy to repeat as well: what throws here throws again.
        { target: 'outcomeUnknown', actions: [noteCrash, noteUnknown] },
      ],
    },
  }),
  outcomeUnknown: jobSetup.createStateConfig({
    description: 'It cannot be known whether the server created the job: the host decides.',
    tags: ['user-input'],
    entry: [announceUnknown],
    on: {
      RETRY: { target: 'arming', actions: noteMayExist },
      DETACH: { target: '#goalJob.detached', actions: noteDetach('outcome-unknown') },
      ADOPT: {
        guard: ({ event }) => isJobId(event.jobSpecId),
        target: 'attaching',
        actions: {
          type: 'note',
          params: ({ event }) => ({ jobSpecId: event.jobSpecId, failure: undefined }),
        },
      },
    },
  }),
};
