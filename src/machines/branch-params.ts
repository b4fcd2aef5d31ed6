import type { CallState } from './call-state.js';
import type { JobContext } from './job-context.js';
import type { Reply } from './reply.js';

/** What every guard and action of the chart receives. The event comes in through `params`. */
export interface WithContext {
  readonly context: JobContext;
}

/** The event of an actor that resolved. */
export interface Replied<Value> {
  readonly event: { readonly output: Reply<Value> };
}

/** A reply and the call it belongs to. */
export interface CallReply {
  readonly call: CallState;
  readonly reply: Reply<unknown>;
}

/** `params` of a guard or an action: the reply of the actor that has just resolved. */
export const replyOf = <Value>({ event }: Replied<Value>): Reply<Value> => event.output;

/** `params`: the reply together with its call. */
export const replyTo =
  (call: CallState) =>
  ({ event }: Replied<unknown>): CallReply => ({ call, reply: event.output });

/** `params` of an action: the error that an actor threw instead of resolving. */
export const thrownIn = ({ event }: { readonly event: { readonly error: unknown } }) => ({
  error: event.error,
});
