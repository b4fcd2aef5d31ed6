import { jobSetup } from '../job-setup.js';
import { askingStates, decisions } from './asking.js';
import { refreshingVersion } from './re-reading.js';
import { waitStates } from './waits.js';
import { watchingStates } from './watching.js';

/** Step 4: the job exists; its slots are filled, and it may start. */
export const pending = jobSetup.createStateConfig({
  description: 'The job exists. Slots that it requires are filled, from what is known or by a person.',
  initial: 'deciding',
  states: {
    deciding: jobSetup.createStateConfig({
      description: 'Is it still pending, and is anything missing, unsent or not allowed yet?',
      always: [
        { guard: ({ context }) => context.question?.uncertain === true, target: 'pausing' },
        ...decisions,
        {
          guard: ({ context }) => context.input.confirm === 'manual' && !context.startAllowed,
          target: 'awaitingConfirm',
        },
        { target: '#goalJob.confirming' },
      ],
    }),
    ...askingStates,
    awaitingConfirm: jobSetup.createStateConfig({
      description: 'The host wants to say itself when execution starts.',
      tags: ['user-input'],
      entry: { type: 'announce', params: { type: 'confirmNeeded' } },
      on: {
        CONFIRM: { target: '#goalJob.confirming', actions: { type: 'note', params: { startAllowed: true } } },
      },
    }),
    refreshingVersion,
    ...watchingStates(undefined),
    ...waitStates(['filling', 'refreshingVersion', 'reading']),
  },
});
