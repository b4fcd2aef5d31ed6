import { replyOf } from '../branch-params.js';
import { jobSetup } from '../job-setup.js';
import { noteRefusedSlots } from './asking.js';
import { crashBranch } from './letting-go.js';
import { doubtingConfirm } from './re-reading.js';
import { failureBranches, reReadBranch, waitStates } from './waits.js';
import { watchingStates } from './watching.js';

const reRead = reReadBranch('sending');

/** "Step 5: Confirm & Start Execution": sends the confirm, then watches the job until it starts or continues. */
export const confirming = jobSetup.createStateConfig({
  description:
    'The client asks the server to start or continue the job, and reads it until the server reports that it has.',
  initial: 'sending',
  states: {
    sending: jobSetup.createStateConfig({
      description: 'The confirm is sent with the current item version.',
      tags: ['in-flight'],
      entry: 'noteSentVersion',
      invoke: {
        src: 'confirmJob',
        input: ({ context }) => ({
          jobSpecId: context.jobSpecId ?? '',
          itemVersion: context.itemVersion ?? 0,
        }),
        onDone: [
          {
            guard: { type: 'hasSucceeded', params: replyOf },
            target: 'awaitingTurn',
            actions: [
              { type: 'learnConfirmed', params: replyOf },
              { type: 'forgetSetback', params: 'sending' },
            ],
          },
          {
            guard: { type: 'slotsWereRefusedAtCheckpoint', params: replyOf },
            target: '#goalJob.slot_needed',
            actions: [noteRefusedSlots],
          },
          {
            guard: { type: 'slotsWereRefused', params: replyOf },
            target: '#goalJob.pending',
            actions: [noteRefusedSlots],
          },
          {
            guard: { type: 'wasConfirmedBefore', params: replyOf },
            target: 'awaitingTurn',
            actions: [{ type: 'learnConfirmedBefore', params: replyOf }],
          },
          { ...reRead, actions: [...reRead.actions, { type: 'noteIfPerhapsConfirmed', params: replyOf }] },
          ...failureBranches('sending'),
        ],
        onError: crashBranch,
      },
    }),
    refreshingVersion: doubtingConfirm,
    ...watchingStates('confirming'),
    ...waitStates(['sending', 'readingAgain', 'reading']),
  },
});
