import { replyOf } from '../branch-params.js';
import type { JobContext } from '../job-context.js';
import { jobSetup } from '../job-setup.js';
import { followBranches } from './following.js';
import { crashBranch, noteDetach } from './letting-go.js';
import { failureBranches } from './waits.js';

/** Where a re-read leads, apart from repeating the refused call. */
const outcomes = [
  {
    guard: { type: 'serverLagsTooLong', params: replyOf },
    target: '#goalJob.detached',
    actions: ['noteServerLags', noteDetach('unreachable')],
  },
  {
    guard: { type: 'serverLags', params: replyOf },
    target: 'backingOff',
    actions: [{ type: 'pauseBeforeReRead', params: replyOf }],
  },
  ...followBranches('job', 'readingAgain', true).map((branch) => ({
    ...branch,
    actions: [...branch.actions, { type: 'announceConflictResolved', params: replyOf }] as const,
  })),
  ...failureBranches('readingAgain'),
] as const;

const reRead = {
  description: 'The job is read again: its item version, and whether the same question is still open.',
  tags: ['resolving-conflict', 'in-flight'],
} as const;

const jobToRead = ({ context }: { context: JobContext }) => ({ jobSpecId: context.jobSpecId ?? '' });

const unchangedBranch = {
  guard: { type: 'jobIsUnchanged', params: replyOf },
  target: 'backingOff',
  actions: ['pauseBeforeRepeat'],
} as const;

/** Law 2, never stale: after a 409, a 400 or a lost reply the job is read again, and followed to the state that it shows. */
export const refreshingVersion = jobSetup.createStateConfig({
  ...reRead,
  tags: [...reRead.tags],
  invoke: {
    src: 'getJob',
    input: jobToRead,
    onDone: [unchangedBranch, ...outcomes],
    onError: crashBranch,
  },
});

/** The re-read after a confirm. */
export const doubtingConfirm = jobSetup.createStateConfig({
  ...reRead,
  tags: [...reRead.tags],
  invoke: {
    src: 'getJob',
    input: jobToRead,
    onDone: [
      {
        guard: { type: 'mayBeConfirmedAlready', params: replyOf },
        target: 'awaitingTurn',
        actions: [{ type: 'watchAsConfirmed', params: replyOf }],
      },
      unchangedBranch,
      ...outcomes,
    ],
    onError: crashBranch,
  },
});

/** The re-read when no question is open, so that no call can have been refused: the status is implausible. */
export const readingAgain = jobSetup.createStateConfig({
  ...reRead,
  description: 'The job is read again, because its status cannot be true: where is it?',
  tags: [...reRead.tags],
  invoke: { src: 'getJob', input: jobToRead, onDone: outcomes, onError: crashBranch },
});
