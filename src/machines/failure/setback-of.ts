import type { Failure } from '../../services/failure.js';
import type { CallState } from '../call-state.js';
import type { JobContext } from '../job-context.js';
import type { Failed, Reply } from '../reply.js';
import { afterFailure, type Setback } from './retry-policy.js';

/** The failure that a reply carries. Only call this where the guard has checked `!reply.ok`. */
export const failedReply = (reply: Reply<unknown>): Failed => {
  if (!reply.ok) return reply;
  const failure: Failure = {
    kind: 'internal',
    message: 'a success was read as a failure',
    advice: 'Report this.',
    delivery: 'unknown',
  };
  return { ok: false, at: reply.at, random: 0, failure };
};

/** The setback of a call, including this reply. */
export function setbackOf(context: JobContext, call: CallState, reply: Reply<unknown>): Setback {
  const { failure, at, random } = failedReply(reply);
  return afterFailure(context.retry, context.setbacks[call], failure, at, random);
}
