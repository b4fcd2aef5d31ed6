import type { Failure } from '../../services/failure.js';
import { mayLive, unlessUnknown } from '../failure/create-outcome.js';
import { letGoFailure } from '../failure/let-go-failure.js';
import { afterFailure, LOCAL_KINDS, type Setback } from '../failure/retry-policy.js';
import { isSaidByApi } from '../failure/said-by-api.js';
import type { CallState, JobContext } from '../job-context.js';
import type { DetachReason } from '../job-output.js';
import type { Refused, Reply } from '../reply.js';

type Done = { readonly event: { readonly output: Reply<unknown> } };
type ContextAndDone = { readonly context: JobContext } & Done;
type Crashed = { readonly context: JobContext; readonly event: { readonly error: unknown } };

/** The failure that a reply carries; a branch that asks for it stands behind a guard that saw it. */
export const refused = (reply: Reply<unknown>): Refused => {
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

export const noteDetach = (reason: DetachReason) => ({ type: 'noteDetach' as const, params: reason });

export const noteFailure = {
  type: 'noteFailure' as const,
  params: ({ event }: Done): Failure => refused(event.output).failure,
};

const isAboutKey = (failure: Failure): boolean => failure.kind === 'key-refused' && isSaidByApi(failure);

function reasonOf({ failure }: JobContext): DetachReason {
  if (failure === undefined) return 'unreachable';
  if (isAboutKey(failure)) return 'key-refused';
  return LOCAL_KINDS.has(failure.kind) ? 'local-failure' : 'unreachable';
}

/** Law 7: whatever a call about a job cannot be brought to do, the job may live. It is let go, and can be gone on with. */
export const letGoBranch = (call: CallState) =>
  ({
    target: '#goalJob.detached',
    actions: [
      {
        type: 'noteFailure' as const,
        params: ({ context, event }: ContextAndDone): Failure =>
          letGoFailure(context, call, setbackOf(context, call, event.output), event.output.at),
      },
      { type: 'noteDetach' as const, params: ({ context }: { context: JobContext }) => reasonOf(context) },
    ],
  }) as const;

/** What was thrown may be anything, also what has no text. */
function wordsOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error);
  } catch {
    return 'something that is no error was thrown';
  }
}

export const crashed = ({ event }: { event: { readonly error: unknown } }): Failure => ({
  kind: 'internal',
  message: wordsOf(event.error),
  advice: 'A function of the host threw; mend it, then go on with the job.',
  delivery: 'unknown',
});

const noteCrash = {
  type: 'noteFailure' as const,
  params: ({ context, event }: Crashed): Failure => unlessUnknown(context, crashed({ event })),
};

const noteRefusal = {
  type: 'noteFailure' as const,
  params: ({ context, event }: ContextAndDone): Failure =>
    unlessUnknown(context, refused(event.output).failure),
};

const noteLetGo = {
  type: 'noteDetach' as const,
  params: ({ context: { jobSpecId } }: { readonly context: JobContext }): DetachReason =>
    jobSpecId === undefined ? 'outcome-unknown' : 'local-failure',
};

const mayBeThere = ({ context }: { readonly context: JobContext }): boolean => mayLive(context);

const isRefused = ({ event }: Done): boolean => !event.output.ok;

const detached = '#goalJob.detached';
const failed = '#goalJob.failed';

/** A host's function that threw instead of answering, while there is a job. */
export const crashBranch = { target: detached, actions: [noteCrash, noteLetGo] } as const;

/** The same before there is one. */
export const crashWithoutJob = { target: failed, actions: [noteCrash] } as const;

/** The same where there may be one. */
export const crashBranches = [{ guard: mayBeThere, ...crashBranch }, crashWithoutJob] as const;

/**
 * What is done on this machine, without the server, and was refused: nothing is tried again. Above all a
 * clock or a lane that refuses has not let the time pass; nothing may be sent as if it had (law 3).
 */
export const refusedBranch = {
  guard: isRefused,
  target: detached,
  actions: [noteRefusal, noteLetGo],
} as const;

/** The same before there is a job. */
export const refusedWithoutJob = { guard: isRefused, target: failed, actions: [noteRefusal] } as const;

/** The same where there may be one. */
export const refusedBranches = [
  { ...refusedBranch, guard: (news: ContextAndDone): boolean => isRefused(news) && mayBeThere(news) },
  refusedWithoutJob,
] as const;
