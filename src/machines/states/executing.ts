import { jobSetup } from '../job-setup.js';
import { doubtingStatus } from './re-reading.js';
import { waitStates } from './waits.js';
import { watchingStates } from './watching.js';

/** Step 6: the job runs; its status is read in turn. */
export const executing = jobSetup.createStateConfig({
  description: 'The job runs. Its status is read every 2 s or as the budget of the key allows.',
  initial: 'pausing',
  states: {
    ...watchingStates('executing'),
    refreshingVersion: doubtingStatus,
    ...waitStates(['reading', 'refreshingVersion']),
  },
});
