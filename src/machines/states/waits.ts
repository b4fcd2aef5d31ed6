import { replyTo } from '../branch-params.js';
import type { CallState } from '../call-state.js';
import { CALLS_WITHOUT_JOB } from '../failure/call-decision.js';
import { INTERRUPTED } from '../guards/reply-guards.js';
import type { JobContext } from '../job-context.js';
import { jobSetup } from '../job-setup.js';
import {
  crashBranch,
  crashBranches,
  letGoBranch,
  noteDetach,
  noteFailure,
  refusedBranch,
  refusedBranches,
} from './letting-go.js';

export const noteSetback = (call: CallState) => ({ type: 'noteSetback', params: replyTo(call) }) as const;

export const announceRetry = (call: CallState) => ({ type: 'announceRetry', params: replyTo(call) }) as const;

/** The ways on that lead back to the call, after a wait; and out of the job, where that would be too long. */
export const waitBranches = (call: CallState) => {
  const params = replyTo(call);
  return [
    {
      guard: { type: 'wouldPassDeadline', params },
      target: '#goalJob.detached',
      actions: [noteSetback(call), noteDetach('max-wait')],
    },
    {
      guard: { type: 'isRateLimited', params },
      target: 'rateLimited',
      actions: [noteSetback(call), { type: 'announceRateLimit', params }],
    },
    {
      guard: { type: 'mayHeal', params },
      target: 'backingOff',
      actions: [noteSetback(call), announceRetry(call)],
    },
  ] as const;
};

/** The ways on from a call that failed before there is a job: giving up leaves nothing to go back to. They stand behind the call's own. */
export const failuresWithoutJob = (call: CallState) =>
  [...waitBranches(call), { target: '#goalJob.failed', actions: [noteFailure] }] as const;

/** The ways on from a call about a job that failed: giving up is letting go. They stand behind the call's own. */
export const failureBranches = (call: CallState) => [...waitBranches(call), letGoBranch(call)] as const;

/** For calls that carry an item version: the job is read again before they are repeated. */
export const reReadBranch = (call: CallState) =>
  ({
    guard: { type: 'mustReadJobAgain', params: replyTo(call) },
    target: 'refreshingVersion',
    actions: [noteSetback(call), announceRetry(call)],
  }) as const;

/** Where the job is read again: for its item version, or where no question is open because its status cannot be true. */
type ReReadState = 'refreshingVersion' | 'readingAgain';

/** What stands before a call that is not made at once: a create takes a new ticket, a status read waits for its turn. */
function entranceTo(call: CallState, reRead: ReReadState): string {
  if (call === 'creating') return 'takingTicket';
  if (call === 'readingAgain') return reRead;
  return call === 'reading' ? 'awaitingTurn' : call;
}

/** Back to the call that the wait interrupted. */
const returnTo = (calls: readonly CallState[], reRead: ReReadState) =>
  calls.map((call) => ({ guard: INTERRUPTED[call], target: entranceTo(call, reRead) }));

/** Where nothing is known of a job yet, a broken clock ends one that was not begun. */
const isBeforeJob = (calls: readonly CallState[]): boolean =>
  calls.some((call) => CALLS_WITHOUT_JOB.has(call));

const waitFor = (calls: readonly CallState[], reRead: ReReadState) => ({
  src: 'waitUntil' as const,
  input: ({ context }: { context: JobContext }) => ({ at: context.waitUntil ?? 0 }),
  onDone: [...(isBeforeJob(calls) ? refusedBranches : [refusedBranch]), ...returnTo(calls, reRead)],
  onError: isBeforeJob(calls) ? crashBranches : [crashBranch],
});

/** The two waits of a lifecycle state, written once. `calls` are what they go back to, `reRead` the state that reads the job again. */
export const waitStates = (calls: readonly CallState[], reRead: ReReadState = 'refreshingVersion') => ({
  rateLimited: jobSetup.createStateConfig({
    description: 'A limit of the key is shut: nothing is sent until the reset that the server named.',
    tags: ['rate-limited'],
    invoke: waitFor(calls, reRead),
  }),
  backingOff: jobSetup.createStateConfig({
    description:
      'A call failed in a way that may heal: a pause, exponential with full jitter, then once more.',
    tags: ['backing-off'],
    invoke: waitFor(calls, reRead),
    on: { RETRY: returnTo(calls, reRead) },
  }),
});
