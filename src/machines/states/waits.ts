import type { Failure } from '../../services/failure.js';
import type { CallState, JobContext } from '../job-context.js';
import type { JobEmitted } from '../job-events.js';
import type { DetachReason } from '../job-output.js';
import { jobSetup } from '../job-setup.js';
import type { Refused, Reply } from '../reply.js';
import { afterFailure, judge, type Setback, type Verdict } from '../retry-policy.js';

/** The wire tells PATCH and confirm apart from the rest by an item version: they can be repeated safely after a re-read. */
const GUARDED: ReadonlySet<CallState> = new Set(['filling', 'requesting']);

type Done = { readonly event: { readonly output: Reply<unknown> } };
type ContextAndDone = { readonly context: JobContext } & Done;

/** The failure that a reply carries; a branch that asks for it stands behind a guard that saw it. */
const refused = (reply: Reply<unknown>): Refused => {
  if (!reply.ok) return reply;
  const failure: Failure = {
    kind: 'internal',
    message: 'a success was read as a failure',
    advice: 'Report this.',
    delivery: 'unknown',
  };
  return { ok: false, at: reply.at, roll: 0, failure };
};

export function setbackOf(context: JobContext, call: CallState, reply: Reply<unknown>): Setback {
  const { failure, at, roll } = refused(reply);
  return afterFailure(context.retry, context.setbacks[call], failure, at, roll);
}

function verdictOn(
  context: JobContext,
  call: CallState,
  reply: Reply<unknown>,
): Verdict | 'tooLate' | undefined {
  if (reply.ok) return undefined;
  const setback = setbackOf(context, call, reply);
  const verdict = judge(context.retry, setback, GUARDED.has(call));
  const isWait = verdict === 'rateLimited' || verdict === 'backOff';
  const { deadlineAt } = context.input;
  return isWait && deadlineAt !== undefined && setback.until > deadlineAt ? 'tooLate' : verdict;
}

const has =
  (call: CallState, wanted: Verdict | 'tooLate') =>
  ({ context, event }: ContextAndDone) =>
    verdictOn(context, call, event.output) === wanted;

const noteSetback = (call: CallState) => ({
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

const announceWait = (call: CallState, type: 'rateLimited' | 'retrying') => ({
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

export const noteDetach = (reason: DetachReason) => ({ type: 'noteDetach' as const, params: reason });

export const noteFailure = {
  type: 'noteFailure' as const,
  params: ({ event }: Done): Failure => refused(event.output).failure,
};

const unusable = (context: JobContext): DetachReason =>
  context.failure?.kind === 'key-refused' ? 'key-refused' : 'unreachable';

const noteUnusable = {
  type: 'noteDetach' as const,
  params: ({ context }: { context: JobContext }) => unusable(context),
};

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

export const failBranch = { target: '#goalJob.failed', actions: [noteFailure] } as const;

/** The ways on from a call that failed before there is a job: giving up leaves nothing to go back to. They stand behind the call's own. */
export const failuresWithoutJob = (call: CallState) => [...waitBranches(call), failBranch] as const;

/** The ways on from a call about a job that failed: giving up is letting go. They stand behind the call's own. */
export const failureBranches = (call: CallState) =>
  [
    ...waitBranches(call),
    {
      guard: has(call, 'giveUp'),
      target: '#goalJob.detached',
      actions: [noteFailure, noteUnusable],
    },
    failBranch,
  ] as const;

/** For calls that carry an item version: the job is read again before they are repeated. */
export const reReadBranch = (call: CallState) => ({
  guard: has(call, 'reRead'),
  target: 'refreshingVersion',
  actions: [noteSetback(call), announceWait(call, 'retrying')],
});

/** What was thrown may be anything, also what has no text. */
function textOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error);
  } catch {
    return 'something that is no error was thrown';
  }
}

export const crashed = ({ event }: { event: { error: unknown } }): Failure => ({
  kind: 'internal',
  message: textOf(event.error),
  advice: 'A function of the host threw; mend it, then attach to the job again.',
  delivery: 'unknown',
});

/** A host's function that threw instead of answering. */
export const crashBranch = {
  target: '#goalJob.failed',
  actions: [{ type: 'noteFailure' as const, params: crashed }],
} as const;

/**
 * What is done on this machine, without the server, and was refused: nothing is tried again. Above all a
 * clock or a lane that refuses has not let the time pass; nothing may be sent as if it had (law 3).
 */
export const refusedBranch = {
  guard: ({ event }: Done): boolean => !event.output.ok,
  target: '#goalJob.failed',
  actions: [noteFailure],
} as const;

/** What stands before a call that is not made at once: a create is armed anew, a status read waits for its turn. */
const entranceTo = (call: CallState): string =>
  call === 'creating' ? 'arming' : call === 'reading' ? 'pausing' : call;

/** Back to the call that the wait interrupted. */
const returnTo = (calls: readonly CallState[]) =>
  calls.map((call) => ({
    target: entranceTo(call),
    guard: ({ context }: { context: JobContext }) => context.interrupted === call,
  }));

const waitFor = (calls: readonly CallState[]) => ({
  src: 'waitUntil' as const,
  input: ({ context }: { context: JobContext }) => ({ at: context.waitUntil ?? 0 }),
  onDone: [refusedBranch, ...returnTo(calls)],
  onError: crashBranch,
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
