import type { JobEcho } from '../../services/wire/wire-types.js';
import type { JobContext } from '../job-context.js';
import { jobSetup } from '../job-setup.js';
import { learnConfirmed } from '../reading/news.js';
import type { Reply } from '../reply.js';
import { isRefusedAsInvalid, noteRefusedSlots } from './asking.js';
import { crashBranch } from './letting-go.js';
import { doubtingConfirm } from './re-reading.js';
import { failureBranches, reReadBranch, waitStates } from './waits.js';
import { watchingStates } from './watching.js';

const noteConfirmed = {
  type: 'note' as const,
  params: ({
    context,
    event,
  }: {
    context: JobContext;
    event: { output: Reply<JobEcho> };
  }): Partial<JobContext> =>
    event.output.ok ? learnConfirmed(context, event.output.value, event.output.at) : {},
};

const wasConfirmedBefore = ({
  context,
  event,
}: {
  context: JobContext;
  event: { output: Reply<JobEcho> };
}): boolean =>
  context.question?.wasConfirmed === true &&
  !event.output.ok &&
  event.output.failure.kind === 'invalid-transition';

/** A second confirm that is refused as an invalid transition says that the first one took effect: it is waited for. */
const noteConfirmedBefore = {
  type: 'note' as const,
  params: ({ context, event }: { context: JobContext; event: { output: Reply<JobEcho> } }) =>
    learnConfirmed(context, {}, event.output.at),
};

/**
 * Whose reply was lost may have taken effect: should the next one be refused as an invalid transition, it did. A refusal as an invalid
 * transition is itself no such loss, whoever said it: taken for one, each would vouch for the next, without end.
 */
const notePerhapsConfirmed = {
  type: 'note' as const,
  params: ({
    context: { question },
    event,
  }: {
    context: JobContext;
    event: { output: Reply<JobEcho> };
  }): Partial<JobContext> =>
    question !== undefined &&
    !event.output.ok &&
    event.output.failure.delivery === 'unknown' &&
    event.output.failure.kind !== 'invalid-transition'
      ? { question: { ...question, wasConfirmed: true } }
      : {},
};

const reRead = reReadBranch('requesting');

const atCheckpoint = ({ context }: { context: JobContext }): boolean =>
  context.question?.checkpoint !== undefined;

/** Step 5: the job is told to start, or to go on; it is watched until it does. */
export const confirming = jobSetup.createStateConfig({
  description: 'The job is told to start or to go on, and watched until the server says that it does.',
  initial: 'requesting',
  states: {
    requesting: jobSetup.createStateConfig({
      description: 'The confirm is sent with the current item version.',
      tags: ['in-flight'],
      entry: { type: 'note', params: ({ context }) => ({ sentVersion: context.itemVersion }) },
      invoke: {
        src: 'confirmJob',
        input: ({ context }) => ({
          jobSpecId: context.jobSpecId ?? '',
          itemVersion: context.itemVersion ?? 0,
        }),
        onDone: [
          {
            guard: ({ event }) => event.output.ok,
            target: 'pausing',
            actions: [noteConfirmed, { type: 'forgetSetback', params: 'requesting' }],
          },
          {
            guard: ({ context, event }) => isRefusedAsInvalid({ event }) && atCheckpoint({ context }),
            target: '#goalJob.slot_needed',
            actions: [noteRefusedSlots],
          },
          { guard: isRefusedAsInvalid, target: '#goalJob.pending', actions: [noteRefusedSlots] },
          { guard: wasConfirmedBefore, target: 'pausing', actions: [noteConfirmedBefore] },
          { ...reRead, actions: [...reRead.actions, notePerhapsConfirmed] },
          ...failureBranches('requesting'),
        ],
        onError: crashBranch,
      },
    }),
    refreshingVersion: doubtingConfirm,
    ...watchingStates('confirming'),
    ...waitStates(['requesting', 'refreshingVersion', 'reading']),
  },
});
