import { jobSetup } from '../job-setup.js';
import { askingStates, decisions } from './asking.js';
import { refreshingVersion } from './re-reading.js';
import { waitStates } from './waits.js';
import { watchingStates } from './watching.js';

/** "Step 7: Interactive Checkpoints": execution has paused for input. */
export const slotNeeded = jobSetup.createStateConfig({
  description: 'Execution has paused at a checkpoint: its preview is shown and its slots are filled.',
  initial: 'deciding',
  states: {
    deciding: jobSetup.createStateConfig({
      description: 'Which question is open, and is anything missing or unsent?',
      always: [
        {
          guard: 'questionIsUnknown',
          target: 'awaitingTurn',
        },
        ...decisions,
        { target: '#goalJob.confirming' },
      ],
    }),
    ...askingStates,
    refreshingVersion,
    ...watchingStates(undefined),
    ...waitStates(['filling', 'readingAgain', 'reading']),
  },
});
