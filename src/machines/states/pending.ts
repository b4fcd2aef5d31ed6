import { jobSetup } from '../job-setup.js';
import { askingStates, decisions } from './asking.js';
import { refreshingVersion } from './re-reading.js';
import { waitStates } from './waits.js';
import { watchingStates } from './watching.js';

/** "Step 4: Fill Required Slots": the job exists; its slots are filled, then it may start. */
export const pending = jobSetup.createStateConfig({
  description: 'The job exists. Slots that it requires are filled, from what is known or by a person.',
  initial: 'deciding',
  states: {
    deciding: jobSetup.createStateConfig({
      description: 'Is it still pending, and is anything missing, unsent or not allowed yet?',
      always: [
        { guard: 'questionIsUncertain', target: 'awaitingTurn' },
        ...decisions,
        {
          guard: 'mustBeStartedByHost',
          target: 'awaitingConfirm',
        },
        { target: '#goalJob.confirming' },
      ],
    }),
    ...askingStates,
    awaitingConfirm: jobSetup.createStateConfig({
      description: 'The host wants to say itself when execution starts.',
      tags: ['user-input'],
      entry: 'askForConfirm',
      on: {
        CONFIRM: { target: '#goalJob.confirming', actions: 'allowStart' },
      },
    }),
    refreshingVersion,
    ...watchingStates(undefined),
    ...waitStates(['filling', 'readingAgain', 'reading']),
  },
});
