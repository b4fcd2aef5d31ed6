import type { JobContext } from '../job-context.js';
import { jobSetup } from '../job-setup.js';
import { forgetInterruption } from './asking.js';
import { followBranches, leadsTo, note } from './following.js';
import { crashBranch, failureBranches, refusedBranch } from './waits.js';

/** Law 3: no job's status is read more than once in 2 s (Step 6), counted from the last answer. */
export const POLL_INTERVAL_MS = 2_000;

const nextRead = ({ context }: { context: JobContext }) => ({
  jobSpecId: context.jobSpecId ?? '',
  notBefore: context.lastReadAt === undefined ? 0 : context.lastReadAt + POLL_INTERVAL_MS,
});

/** Reading the status in turn, written once. A reading that is older than what we hold changes nothing. */
export const watchingStates = {
  pausing: jobSetup.createStateConfig({
    description:
      'Between two reads of the status: at least 2 s, and as long as the budget of the key asks for.',
    invoke: {
      src: 'pollTurn',
      input: nextRead,
      onDone: [refusedBranch, { target: 'reading' }],
      onError: crashBranch,
    },
  }),
  reading: jobSetup.createStateConfig({
    description: 'The status is being read.',
    tags: ['in-flight'],
    invoke: {
      src: 'getStatus',
      input: ({ context }) => ({ jobSpecId: context.jobSpecId ?? '' }),
      onDone: [
        { guard: leadsTo('stale'), target: 'pausing', actions: note('status') },
        {
          guard: leadsTo('suspect'),
          target: 'refreshingVersion',
          actions: [...note('status'), forgetInterruption],
        },
        ...followBranches('status', undefined, [{ type: 'forgetSetback', params: 'reading' }]),
        ...failureBranches('reading'),
      ],
      onError: crashBranch,
    },
  }),
};
