import { replyOf, replyTo, thrownIn } from '../branch-params.js';
import type { CallState } from '../call-state.js';
import type { DetachReason } from '../job-output.js';

const detached = '#goalJob.detached';
const failed = '#goalJob.failed';

export const noteDetach = (reason: DetachReason) => ({ type: 'noteDetach', params: reason }) as const;

export const noteFailure = { type: 'noteFailure', params: replyOf } as const;

/** Law 7: whatever a call about a job cannot be brought to do, the job may live. It is let go, and can be resumed. */
export const letGoBranch = (call: CallState) =>
  ({ target: detached, actions: [{ type: 'letGo', params: replyTo(call) }] }) as const;

const noteHostFault = { type: 'noteHostFault', params: thrownIn } as const;
const noteLocalRefusal = { type: 'noteLocalRefusal', params: replyOf } as const;

/** A host's function that threw instead of answering, while there is a job. */
export const crashBranch = { target: detached, actions: [noteHostFault, 'noteLocalDetach'] } as const;

/** The same before there is one. */
export const crashWithoutJob = { target: failed, actions: [noteHostFault] } as const;

/** The same where there may be one. */
export const crashBranches = [{ guard: 'jobMayLive', ...crashBranch }, crashWithoutJob] as const;

const refusal = { target: detached, actions: [noteLocalRefusal, 'noteLocalDetach'] } as const;

/**
 * A local step (file, clock, queue) failed, and is not tried again: if it was a wait, the time has not passed, and nothing may be sent as
 * if it had (law 3).
 */
export const refusedBranch = { guard: { type: 'wasRefused', params: replyOf }, ...refusal } as const;

/** The same before there is a job. */
export const refusedWithoutJob = {
  guard: { type: 'wasRefused', params: replyOf },
  target: failed,
  actions: [noteLocalRefusal],
} as const;

/** The same where there may be one. */
export const refusedBranches = [
  { guard: { type: 'wasRefusedAndJobMayLive', params: replyOf }, ...refusal },
  refusedWithoutJob,
] as const;
