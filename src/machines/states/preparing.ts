import type { JobContext } from '../job-context.js';
import { jobSetup } from '../job-setup.js';
import { creatingStates } from './creating.js';
import { followBranches, leadsTo, note } from './following.js';
import { uploadingStates } from './uploading.js';
import { crashBranch, failureBranches, waitStates } from './waits.js';

const forgetAttach = [{ type: 'forgetSetback', params: 'attaching' }] as const;
const isNewJob = ({ context }: { context: JobContext }): boolean => context.jobSpecId === undefined;

/** Before there is a job on the server: look at the files, check them, upload them, create (Steps 1 to 3); or find the job that exists. */
export const preparing = jobSetup.createStateConfig({
  description:
    'Ours: the files are checked and uploaded and the job is created, or a job that exists is looked up.',
  initial: 'starting',
  states: {
    starting: jobSetup.createStateConfig({
      description: 'A new job, or one that exists already?',
      always: [{ guard: isNewJob, target: 'inspecting' }, { target: 'attaching' }],
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
          { guard: leadsTo('stale'), target: '#goalJob.executing', actions: note('job') },
          ...followBranches('job', undefined, forgetAttach),
          ...failureBranches('attaching'),
        ],
        onError: crashBranch,
      },
    }),
    ...waitStates(['validating', 'queued', 'uploading', 'creating', 'attaching']),
  },
});
