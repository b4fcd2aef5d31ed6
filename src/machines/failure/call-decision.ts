import type { CallState } from '../call-state.js';
import type { JobContext } from '../job-context.js';
import type { Reply } from '../reply.js';
import { type CallKind, judge, type RetryDecision } from './retry-policy.js';
import { setbackOf } from './setback-of.js';

/** The calls that are made before a job exists. */
export const CALLS_WITHOUT_JOB: ReadonlySet<CallState> = new Set([
  'validating',
  'queued',
  'uploading',
  'creating',
]);

/** PATCH and confirm carry an item version, so they can be repeated safely after a re-read. */
export const GUARDED_CALLS: ReadonlySet<CallState> = new Set(['filling', 'sending']);

function callKind({ statusWord }: JobContext, call: CallState): CallKind {
  if (CALLS_WITHOUT_JOB.has(call)) return 'before-job';
  if (GUARDED_CALLS.has(call)) return 'guarded';
  // `statusWord` is set by the reply to a create and by every reading.
  return call === 'attaching' && statusWord === undefined ? 'lookup' : 'about-job';
}

/** Decides how to handle the reply to a call. Undefined for a success; `tooLate` if the wait would pass the deadline. */
export function decisionOn(
  context: JobContext,
  call: CallState,
  reply: Reply<unknown>,
): RetryDecision | 'tooLate' | undefined {
  if (reply.ok) return undefined;
  const setback = setbackOf(context, call, reply);
  const decision = judge(context.retry, setback, callKind(context, call));
  const isWait = decision === 'rateLimited' || decision === 'backOff';
  const { deadlineAt } = context.input;
  return isWait && deadlineAt !== undefined && setback.until > deadlineAt ? 'tooLate' : decision;
}
