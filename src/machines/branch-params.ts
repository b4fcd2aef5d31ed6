import type { CallState } from './call-state.js';
import type { JobContext } from './job-context.js';
import type { Reply } from './reply.js';

/** What every guard and action of the chart sees; what has happened comes in through its `params`. */
export interface WithContext {
  readonly context: JobContext;
}

/** An actor has answered. */
export interface Replied<Value> {
  readonly event: { readonly output: Reply<Value> };
}

/** A reply and the call that it answers. */
export interface CallReply {
  readonly call: CallState;
  readonly reply: Reply<unknown>;
}

/** `params` of a guard or an action: the reply of the actor that has just answered. */
export const replyOf = <Value>({ event }: Replied<Value>): Reply<Value> => event.output;

/** The same with the call that it answers. */
export const replyTo =
  (call: CallState) =>
  ({ event }: Replied<unknown>): CallReply => ({ call, reply: event.output });

/** `params` of an action: what an actor threw instead of answering. */
export const thrownIn = ({ event }: { readonly event: { readonly error: unknown } }) => ({
  error: event.error,
});
