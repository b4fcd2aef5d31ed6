import { replyOf } from '../branch-params.js';
import { jobSetup } from '../job-setup.js';
import { unsentAnswers } from '../question/question.js';
import { crashBranch, noteDetach } from './letting-go.js';
import { failureBranches, reReadBranch } from './waits.js';

/** The first branches of `deciding`, shared by `pending` and `slot_needed`. */
export const decisions = [
  {
    guard: 'needsPersonButMustNotAsk',
    target: '#goalJob.detached',
    actions: ['noteInputNeeded', noteDetach('input-needed')],
  },
  { guard: 'needsPerson', target: 'awaitingSlots' },
  { guard: 'versionIsUnknown', target: 'refreshingVersion', actions: ['forgetInterruption'] },
  { guard: 'hasAnswersToSend', target: 'filling' },
] as const;

const learnFilled = [
  { type: 'learnFilled', params: replyOf },
  { type: 'forgetSetback', params: 'filling' },
] as const;

/** After a refusal of slots, the person is asked again. */
export const noteRefusedSlots = { type: 'noteRefusedSlots', params: replyOf } as const;

/** Asking a person and sending the answers, shared by `pending` and `slot_needed`. */
export const askingStates = {
  awaitingSlots: jobSetup.createStateConfig({
    description: 'A person is asked for the values that are missing, refused or in conflict.',
    tags: ['user-input'],
    entry: 'askForInput',
    on: {
      SUBMIT_SLOTS: {
        target: 'deciding',
        actions: { type: 'takeAnswers', params: ({ event }) => ({ slots: event.slots }) },
      },
    },
  }),
  filling: jobSetup.createStateConfig({
    description: 'The values are sent with the current item version (PATCH).',
    tags: ['in-flight'],
    entry: 'noteSentVersion',
    invoke: {
      src: 'fillSlots',
      input: ({ context }) => ({
        jobSpecId: context.jobSpecId ?? '',
        itemVersion: context.itemVersion ?? 0,
        slots: context.question === undefined ? [] : unsentAnswers(context.question),
      }),
      onDone: [
        {
          guard: { type: 'answersAreContested', params: replyOf },
          target: 'backingOff',
          actions: [...learnFilled, { type: 'pauseInContest', params: replyOf }],
        },
        { guard: { type: 'hasSucceeded', params: replyOf }, target: 'deciding', actions: learnFilled },
        {
          guard: { type: 'slotsWereRefused', params: replyOf },
          target: 'deciding',
          actions: [noteRefusedSlots],
        },
        reReadBranch('filling'),
        ...failureBranches('filling'),
      ],
      onError: crashBranch,
    },
  }),
};
