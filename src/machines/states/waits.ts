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

/** Branches for a failed call that lead to a wait and back to the call, or to `detached` if the wait would be too long. */
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

/** Branches for a failed call before a job exists: giving up fails. Place them after the call's own branches. */
export const failuresWithoutJob = (call: CallState) =>
  [...waitBranches(call), { target: '#goalJob.failed', actions: [noteFailure] }] as const;

/** Branches for a failed call about a job: giving up detaches. Place them after the call's own branches. */
export const failureBranches = (call: CallState) => [...waitBranches(call), letGoBranch(call)] as const;

/** For calls that carry an item version: the job is read again before they are repeated. */
export const reReadBranch = (call: CallState) =>
  ({
    guard: { type: 'mustReadJobAgain', params: replyTo(call) },
    target: 'refreshingVersion',
    actions: [noteSetback(call), announceRetry(call)],
  }) as const;

/** The state that reads the job again: for its item version, or, if no question is open, because its status is implausible. */
type ReReadState = 'refreshingVersion' | 'readingAgain';

/** The state before a call that is not made at once: a create takes a new ticket, a status read waits for its turn. */
function entranceTo(call: CallState, reRead: ReReadState): string {
  if (call === 'creating') return 'takingTicket';
  if (call === 'readingAgain') return reRead;
  return call === 'reading' ? 'awaitingTurn' : call;
}

/** Back to the call that the wait interrupted. */
const returnTo = (calls: readonly CallState[], reRead: ReReadState) =>
  calls.map((call) => ({ guard: INTERRUPTED[call], target: entranceTo(call, reRead) }));

/** Whether these calls come before a job exists. A broken clock then fails the job instead of detaching it. */
const isBeforeJob = (calls: readonly CallState[]): boolean =>
  calls.some((call) => CALLS_WITHOUT_JOB.has(call));

const waitFor = (calls: readonly CallState[], reRead: ReReadState) => ({
  src: 'waitUntil' as const,
  input: ({ context }: { context: JobContext }) => ({ at: context.waitUntil ?? 0 }),
  onDone: [...(isBeforeJob(calls) ? refusedBranches : [refusedBranch]), ...returnTo(calls, reRead)],
  onError: isBeforeJob(calls) ? crashBranches : [crashBranch],
});

/** The two waits of a lifecycle state. `calls` are the calls that they return to, `reRead` is the state that reads the job again. */
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
