import { jobSetup } from '../job-setup.js';
import { readingAgain } from './re-reading.js';
import { waitStates } from './waits.js';
import { watchingStates } from './watching.js';

/** "Step 6: Poll for Status": the job runs, and its status is polled. */
export const executing = jobSetup.createStateConfig({
  description: 'The job runs. Its status is read every 2 s or as the budget of the key allows.',
  initial: 'awaitingTurn',
  states: {
    ...watchingStates('executing'),
    readingAgain,
    ...waitStates(['reading', 'readingAgain'], 'readingAgain'),
  },
});
