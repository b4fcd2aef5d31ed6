import { replyOf } from '../branch-params.js';
import { jobSetup } from '../job-setup.js';
import { creatingStates } from './creating.js';
import { followBranches, leadsTo, learn } from './following.js';
import { crashBranch, letGoBranch, noteFailure } from './letting-go.js';
import { uploadingStates } from './uploading.js';
import { waitBranches, waitStates } from './waits.js';

/**
 * Before a job exists on the server: inspect, check and upload the files, then create ("Step 1: Workflow Catalog" to "Step 3:
 * Create a Job"); or look up an existing job.
 */
export const preparing = jobSetup.createStateConfig({
  description:
    'Ours: the files are checked and uploaded and the job is created, or a job that exists is looked up.',
  initial: 'starting',
  states: {
    starting: jobSetup.createStateConfig({
      description: 'A new job, or one that exists already?',
      always: [{ guard: 'isNewJob', target: 'inspecting' }, { target: 'attaching' }],
    }),
    ...uploadingStates,
    ...creatingStates,
    attaching: jobSetup.createStateConfig({
      description: 'The job exists: where does the server say that it is?',
      tags: ['in-flight'],
      invoke: {
        src: 'getJob',
        input: ({ context }) => ({ jobSpecId: context.jobSpecId ?? '' }),
        onDone: [
          { guard: leadsTo('isStale'), target: '#goalJob.executing', actions: learn('job') },
          ...followBranches('job', 'attaching'),
          ...waitBranches('attaching'),
          {
            guard: { type: 'adoptedWrongJob', params: replyOf },
            target: 'outcomeUnknown',
            actions: [noteFailure, 'disownAdopted'],
          },
          letGoBranch('attaching'),
        ],
        onError: crashBranch,
      },
    }),
    ...waitStates(['validating', 'queued', 'uploading', 'creating', 'attaching']),
  },
});
