import { type AnyActorRef, fromPromise, type PromiseActorLogic } from 'xstate';
import { type ActorCall, jobOf } from './actor-call.js';

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

/** As XState's own does: an actor that was stopped meanwhile is sent nothing. */
function settle(self: AnyActorRef, type: string, data: unknown): void {
  if (self.getSnapshot().status !== 'active') return;
  calls.delete(self);
  self.send({ type, data });
}

/** The actor that begins a call, its job, and where it notes the call, whose signal is aborted when the actor stops. */
interface CallStart {
  readonly self: AnyActorRef;
  readonly job: AnyActorRef;
  readonly note: (call: ActorCall) => ActorCall;
}

/**
 * A promise actor like XState's, with the same snapshots and events, but without an AbortController for each.
 * @param begin begins the call of a job's actor
 */
export function callActor<Output, Input>(
  begin: (input: Input, start: CallStart) => Promise<Output>,
): PromiseActorLogic<Output, Input> {
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
      const note = (call: ActorCall): ActorCall => {
        calls.set(self, call);
        return call;
      };
      // Boundary: an active actor has its input.
      const work = begin(snapshot.input as Input, { self, job: jobOf(self), note });
      work.then(
        (output) => settle(self, RESOLVED, output),
        (error) => settle(self, REJECTED, error),
      );
    },
  };
}
