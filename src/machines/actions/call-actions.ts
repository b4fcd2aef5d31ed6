import type { CallReply, WithContext } from '../branch-params.js';
import type { CallState } from '../call-state.js';
import { GUARDED_CALLS } from '../failure/call-decision.js';
import { setbackOf } from '../failure/setback-of.js';
import { type ContextPatch, withoutSetbacks } from '../job-context.js';

/** Record the failures of a call, and clear them once the call succeeds. */
export const callActions = {
  noteSetback({ context }: WithContext, { call, reply }: CallReply): ContextPatch {
    const setback = setbackOf(context, call, reply);
    return {
      // A failed read still counts as a read: the next one must wait its interval (law 3, never early).
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
  /** A re-read that was not caused by a failed call: afterwards there is no call to repeat. */
  forgetInterruption: (): ContextPatch => ({ interrupted: undefined }),
};
