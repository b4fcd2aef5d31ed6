import type { CallReply, WithContext } from '../branch-params.js';
import type { CallState } from '../call-state.js';
import { GUARDED_CALLS } from '../failure/call-decision.js';
import { setbackOf } from '../failure/setback-of.js';
import { type ContextPatch, withoutSetbacks } from '../job-context.js';

/** What is learned from calls that failed, and forgotten once they have gone well. */
export const callActions = {
  noteSetback({ context }: WithContext, { call, reply }: CallReply): ContextPatch {
    const setback = setbackOf(context, call, reply);
    return {
      // A read that failed was a read: the next one is not due before its time (law 3).
      ...(call === 'reading' ? { lastReadAt: reply.at } : {}),
      ...(GUARDED_CALLS.has(call) && setback.failure.kind === 'version-conflict'
        ? { refusedVersion: context.sentVersion }
        : {}),
      setbacks: { ...context.setbacks, [call]: setback },
      interrupted: call,
      waitUntil: setback.until,
      failure: setback.failure,
    };
  },
  forgetSetback: ({ context }: WithContext, call: CallState): ContextPatch => ({
    setbacks: withoutSetbacks(context, [call]),
  }),
  /** A re-read for its own sake: no call waits behind it to be repeated. */
  forgetInterruption: (): ContextPatch => ({ interrupted: undefined }),
};
