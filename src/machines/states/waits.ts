import { type CallKind, judge, type Verdict } from '../failure/retry-policy.js';
import type { CallState, JobContext } from '../job-context.js';
import type { JobEmitted } from '../job-events.js';
import { jobSetup } from '../job-setup.js';
import type { Reply } from '../reply.js';
import {
  crashBranch,
  crashBranches,
  letGoBranch,
  noteDetach,
  noteFailure,
  refusedBranch,
  refusedBranches,
  setbackOf,
} from './letting-go.js';

const WITHOUT_A_JOB: ReadonlySet<CallState> = new Set(['validating', 'queued', 'uploading', 'creating']);
/** The wire tells PATCH and confirm apart from the rest by an item version: they can be repeated safely after a re-read. */
const GUARDED: ReadonlySet<CallState> = new Set(['filling', 'requesting']);

type ContextAndDone = {
  readonly context: JobContext;
  readonly event: { readonly output: Reply<unknown> };
};

function callKind({ statusWord }: JobContext, call: CallState): CallKind {
  if (WITHOUT_A_JOB.has(call)) return 'before-job';
  if (GUARDED.has(call)) return 'guarded';
  // The reply to a create, and every reading, teaches a word.
  return call === 'attaching' && statusWord === undefined ? 'lookup' : 'about-job';
}

function verdictOn(
  context: JobContext,
  call: CallState,
  reply: Reply<unknown>,
): Verdict | 'tooLate' | undefined {
  if (reply.ok) return undefined;
  const setback = setbackOf(context, call, reply);
  const verdict = judge(context.retry, setback, callKind(context, call));
  const isWait = verdict === 'rateLimited' || verdict === 'backOff';
  const { deadlineAt } = context.input;
  return isWait && deadlineAt !== undefined && setback.until > deadlineAt ? 'tooLate' : verdict;
}

export const has =
  (call: CallState, wanted: Verdict | 'tooLate') =>
  ({ context, event }: ContextAndDone) =>
    verdictOn(context, call, event.output) === wanted;

export const noteSetback = (call: CallState) => ({
  type: 'note' as const,
  params: ({ context, event }: ContextAndDone): Partial<JobContext> => {
    const setback = setbackOf(context, call, event.output);
    return {
      // A read that failed was a read: the next one is not due before its time (law 3).
      ...(call === 'reading' ? { lastReadAt: event.output.at } : {}),
      ...(GUARDED.has(call) && setback.failure.kind === 'version-conflict'
        ? { refusedVersion: context.sentVersion }
        : {}),
      setbacks: { ...context.setbacks, [call]: setback },
      interrupted: call,
      waitUntil: setback.until,
      failure: setback.failure,
    };
  },
});

export const announceWait = (call: CallState, type: 'rateLimited' | 'retrying') => ({
  type: 'announce' as const,
  params: ({ context, event }: ContextAndDone): JobEmitted => {
    // `noteSetback` ran before: the row already counts this failure.
    const setback = context.setbacks[call] ?? setbackOf(context, call, event.output);
    const { failure, until, attempts } = setback;
    return type === 'rateLimited'
      ? { type, call, until, failure }
      : { type, call, attempt: attempts, until, failure };
  },
});

/** The ways on that lead back to the call, after a wait; and out of the job, where that would be too long. */
export const waitBranches = (call: CallState) =>
  [
    {
      guard: has(call, 'tooLate'),
      target: '#goalJob.detached',
      actions: [noteSetback(call), noteDetach('max-wait')],
    },
    {
      guard: has(call, 'rateLimited'),
      target: 'rateLimited',
      actions: [noteSetback(call), announceWait(call, 'rateLimited')],
    },
    {
      guard: has(call, 'backOff'),
      target: 'backingOff',
      actions: [noteSetback(call), announceWait(call, 'retrying')],
    },
  ] as const;

/** The ways on from a call that failed before there is a job: giving up leaves nothing to go back to. They stand behind the call's own. */
export const failuresWithoutJob = (call: CallState) =>
  [...waitBranches(call), { target: '#goalJob.failed', actions: [noteFailure] }] as const;

/** The ways on from a call about a job that failed: giving up is letting go. They stand behind the call's own. */
export const failureBranches = (call: CallState) => [...waitBranches(call), letGoBranch(call)] as const;

/** For calls that carry an item version: the job is read again before they are repeated. */
export const reReadBranch = (call: CallState) => ({
  guard: has(call, 'reRead'),
  target: 'refreshingVersion',
  actions: [noteSetback(call), announceWait(call, 'retrying')],
});

/** What stands before a call that is not made at once: a create is armed anew, a status read waits for its turn. */
const entranceTo = (call: CallState): string =>
  call === 'creating' ? 'arming' : call === 'reading' ? 'pausing' : call;

/** Back to the call that the wait interrupted. */
const returnTo = (calls: readonly CallState[]) =>
  calls.map((call) => ({
    target: entranceTo(call),
    guard: ({ context }: { context: JobContext }) => context.interrupted === call,
  }));

/** Where nothing is known of a job yet, a broken clock ends one that was not begun. */
const isBeforeJob = (calls: readonly CallState[]): boolean => calls.some((call) => WITHOUT_A_JOB.has(call));

const waitFor = (calls: readonly CallState[]) => ({
  src: 'waitUntil' as const,
  input: ({ context }: { context: JobContext }) => ({ at: context.waitUntil ?? 0 }),
  onDone: [...(isBeforeJob(calls) ? refusedBranches : [refusedBranch]), ...returnTo(calls)],
  onError: isBeforeJob(calls) ? crashBranches : [crashBranch],
});

/** The two waits of a lifecycle state, written once. `calls` are the states that they go back to. */
export const waitStates = (calls: readonly CallState[]) => ({
  rateLimited: jobSetup.createStateConfig({
    description: 'A limit of the key is shut: nothing is sent until the reset that the server named.',
    tags: ['rate-limited'],
    invoke: waitFor(calls),
  }),
  backingOff: jobSetup.createStateConfig({
    description:
      'A call failed in a way that may heal: a pause, exponential with full jitter, then once more.',
    tags: ['backing-off'],
    invoke: waitFor(calls),
    on: { RETRY: returnTo(calls) },
  }),
});
