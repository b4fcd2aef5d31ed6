import { type AnyActorRef, fromPromise, type PromiseActorLogic } from 'xstate';
import type { ActorCall } from './actor-call.js';
import { dropOptions } from './drop-options.js';

/** What XState's own promise actors are sent. */
const RESOLVED = 'xstate.promise.resolve';
const REJECTED = 'xstate.promise.reject';
const STOPPED = 'xstate.stop';

let notAwaited: Error | undefined;

/**
 * Why a call is aborted. Shared: an error with a stack for each of a hundred thousand jobs that are detached would stay in memory
 * with its job. Made when it is needed, because not every runtime of this door has DOMException.
 */
const reasonOfStop = (): Error => {
  const message = 'This operation was aborted';
  notAwaited ??=
    typeof DOMException === 'undefined'
      ? Object.assign(new Error(message), { name: 'AbortError' })
      : new DOMException(message, 'AbortError');
  return notAwaited;
};

/** The calls of running actors. */
const calls = new WeakMap<AnyActorRef, ActorCall>();

function stop(self: AnyActorRef): void {
  calls.get(self)?.callerSignal.abort(reasonOfStop());
  calls.delete(self);
}

/** Stops the calls of the actors that a job has started; they are sent nothing any more. */
export function stopCalls(children: Readonly<Record<string, AnyActorRef | undefined>>): void {
  for (const id in children) {
    const child = children[id];
    if (child !== undefined) stop(child);
  }
}

/** As XState's own does: an actor that was stopped meanwhile is sent nothing. */
function settle(self: AnyActorRef, type: string, data: unknown): void {
  if (!calls.delete(self) || self.getSnapshot().status !== 'active') return;
  self.send({ type, data });
}

/** How the actors of a kind of call work. */
export interface CallLogic<Own extends ActorCall, Answer, Output, Input> {
  /** The call of an actor; its signal is aborted when the actor stops. */
  readonly callOf: (self: AnyActorRef) => Own;
  readonly begin: (input: Input, call: Own, self: AnyActorRef) => Promise<Answer>;
  /** The work has settled, whether or not its actor still waits for it. */
  readonly onSettled: (call: Own) => void;
  /** What the actor resolves with. */
  readonly outputOf: (answer: Answer, call: Own) => Output;
}

/**
 * A promise actor like XState's, with the same snapshots and events, but without an AbortController for each. All that follows an
 * answer happens in one reaction to its promise: each further one would take 250 bytes of every waiting job.
 */
export function callActor<Own extends ActorCall, Answer, Output, Input>({
  callOf,
  begin,
  onSettled,
  outputOf,
}: CallLogic<Own, Answer, Output, Input>): PromiseActorLogic<Output, Input> {
  // Never started: its snapshots are ours.
  const logic = fromPromise<Output, Input>(() => new Promise<Output>(() => undefined));
  return {
    ...logic,
    transition(snapshot, event, scope) {
      if (event.type === STOPPED && snapshot.status === 'active') stop(scope.self);
      return logic.transition(snapshot, event, scope);
    },
    start(snapshot, { self }) {
      if (snapshot.status !== 'active') return;
      const call = callOf(self);
      calls.set(self, call);
      dropOptions(self);
      // Boundary: an active actor has its input.
      begin(snapshot.input as Input, call, self).then(
        (answer) => {
          onSettled(call);
          settle(self, RESOLVED, outputOf(answer, call));
        },
        (error) => {
          onSettled(call);
          settle(self, REJECTED, error);
        },
      );
    },
  };
}
