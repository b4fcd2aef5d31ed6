import { replyOf, thrownIn } from '../branch-params.js';
import { jobSetup } from '../job-setup.js';
import { doubtBranches } from './doubted-create.js';
import { leadsTo } from './following.js';
import { crashBranches, noteDetach, noteFailure, refusedBranches } from './letting-go.js';
import { waitBranches } from './waits.js';

const learnCreated = [{ type: 'learnCreated', params: replyOf }, 'announceCreated'] as const;

const letGoUnknown = {
  target: '#goalJob.detached',
  actions: [noteFailure, 'noteOutcomeUnknown', noteDetach('outcome-unknown')],
} as const;

const noteCreateFault = { type: 'noteCreateFault', params: thrownIn } as const;

/** "Step 3: Create a Job", under law 1, never twice: a create is never repeated unless the server certainly did not act. */
export const creatingStates = {
  takingTicket: jobSetup.createStateConfig({
    description:
      'This process takes a one-use ticket: a create restored elsewhere is refused, not sent twice.',
    invoke: {
      src: 'issueTicket',
      input: {},
      onDone: [...refusedBranches, { target: 'creating', actions: { type: 'keepTicket', params: replyOf } }],
      onError: crashBranches,
    },
  }),
  creating: jobSetup.createStateConfig({
    description: 'The job is being created. There is no idempotency key: this is sent once.',
    tags: ['in-flight'],
    entry: 'noteCreateInFlight',
    invoke: {
      src: 'createJob',
      input: ({ context }) => ({
        ticket: context.ticket ?? '',
        workflowId: context.input.workflowId ?? '',
        fileIds: context.uploads.flatMap((upload) => (upload === null ? [] : [upload.fileId])),
      }),
      onDone: [
        { guard: leadsTo('saysPending'), target: '#goalJob.pending', actions: learnCreated },
        { guard: { type: 'hasSucceeded', params: replyOf }, target: 'attaching', actions: learnCreated },
        {
          guard: { type: 'filesAreLost', params: replyOf },
          target: 'uploading',
          actions: [noteFailure, 'forgetUploads'],
        },
        {
          guard: { type: 'outcomeIsUnknownAndHostDecides', params: replyOf },
          target: 'outcomeUnknown',
          actions: [noteFailure, 'noteOutcomeUnknown'],
        },
        { guard: { type: 'outcomeIsUnknownAndPolicyLetsGo', params: replyOf }, ...letGoUnknown },
        ...waitBranches('creating').map((branch) => ({
          ...branch,
          actions: [...branch.actions, { type: 'noteIfOutcomeUnknown', params: replyOf }] as const,
        })),
        // Under the policy `retry`, when retries failed or would not help.
        { guard: { type: 'outcomeIsUnknown', params: replyOf }, ...letGoUnknown },
        ...doubtBranches,
        { target: '#goalJob.failed', actions: [noteFailure] },
      ],
      onError: [
        {
          guard: 'policyLetsGo',
          target: '#goalJob.detached',
          actions: [noteCreateFault, 'noteOutcomeUnknown', noteDetach('outcome-unknown')],
        },
        // Also under the policy `retry`: a port that throws would throw again.
        { target: 'outcomeUnknown', actions: [noteCreateFault, 'noteOutcomeUnknown'] },
      ],
    },
  }),
  outcomeUnknown: jobSetup.createStateConfig({
    description: 'It cannot be known whether the server created the job: the host decides.',
    tags: ['user-input'],
    entry: 'announceOutcomeUnknown',
    on: {
      RETRY: { target: 'takingTicket', actions: 'noteMayExist' },
      DETACH: { target: '#goalJob.detached', actions: noteDetach('outcome-unknown') },
      ADOPT: {
        guard: { type: 'namesAJob', params: ({ event }) => ({ jobSpecId: event.jobSpecId }) },
        target: 'attaching',
        actions: { type: 'adoptJob', params: ({ event }) => ({ jobSpecId: event.jobSpecId }) },
      },
    },
  }),
};
