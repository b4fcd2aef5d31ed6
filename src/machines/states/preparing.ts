import { asOutcomeUnknown, isWrongAdoption } from '../failure/create-outcome.js';
import { type JobContext, withoutSetbacks } from '../job-context.js';
import { jobSetup } from '../job-setup.js';
import { creatingStates } from './creating.js';
import { followBranches, leadsTo, note } from './following.js';
import { crashBranch, letGoBranch, noteFailure } from './letting-go.js';
import { uploadingStates } from './uploading.js';
import { waitBranches, waitStates } from './waits.js';

const forgetAttach = [{ type: 'forgetSetback', params: 'attaching' }] as const;
const isNewJob = ({ context }: { context: JobContext }): boolean => context.jobSpecId === undefined;

/** Nothing is known of the job by that id, and all that was known before still is. */
const noteWrongAdoption = {
  type: 'note' as const,
  params: ({ context }: { context: JobContext }): Partial<JobContext> => ({
    jobSpecId: undefined,
    setbacks: withoutSetbacks(context, ['attaching']),
    ...(context.failure === undefined ? {} : { failure: asOutcomeUnknown(context.failure) }),
  }),
};

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
          ...waitBranches('attaching'),
          {
            guard: ({ context, event }) => isWrongAdoption(context, event.output),
            target: 'outcomeUnknown',
            actions: [noteFailure, noteWrongAdoption],
          },
          letGoBranch('attaching'),
        ],
        onError: crashBranch,
      },
    }),
    ...waitStates(['validating', 'queued', 'uploading', 'creating', 'attaching']),
  },
});
