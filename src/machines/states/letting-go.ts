import { replyOf, replyTo, thrownIn } from '../branch-params.js';
import type { CallState } from '../call-state.js';
import type { DetachReason } from '../job-output.js';

const detached = '#goalJob.detached';
const failed = '#goalJob.failed';

export const noteDetach = (reason: DetachReason) => ({ type: 'noteDetach', params: reason }) as const;

export const noteFailure = { type: 'noteFailure', params: replyOf } as const;

/** Law 7, never disowned: the job may be alive although a call about it keeps failing. It is detached and can be resumed. */
export const letGoBranch = (call: CallState) =>
  ({ target: detached, actions: [{ type: 'letGo', params: replyTo(call) }] }) as const;

const noteHostFault = { type: 'noteHostFault', params: thrownIn } as const;
const noteLocalRefusal = { type: 'noteLocalRefusal', params: replyOf } as const;

/** A function of the host threw instead of resolving, and there is a job. */
export const crashBranch = { target: detached, actions: [noteHostFault, 'noteLocalDetach'] } as const;

/** The same when there is no job. */
export const crashWithoutJob = { target: failed, actions: [noteHostFault] } as const;

/** The same when there may be a job. */
export const crashBranches = [{ guard: 'jobMayLive', ...crashBranch }, crashWithoutJob] as const;

const refusal = { target: detached, actions: [noteLocalRefusal, 'noteLocalDetach'] } as const;

/**
 * A local step (file, clock, queue) failed and is not retried: if it was a wait, the time has not passed, and sending now would
 * break law 3, never early.
 */
export const refusedBranch = { guard: { type: 'wasRefused', params: replyOf }, ...refusal } as const;

/** The same when there is no job. */
export const refusedWithoutJob = {
  guard: { type: 'wasRefused', params: replyOf },
  target: failed,
  actions: [noteLocalRefusal],
} as const;

/** The same when there may be a job. */
export const refusedBranches = [
  { guard: { type: 'wasRefusedAndJobMayLive', params: replyOf }, ...refusal },
  refusedWithoutJob,
] as const;
