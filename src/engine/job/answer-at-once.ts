import type { AnyActorRef, PromiseActorLogic } from 'xstate';
import { jobOf } from './actor-call.js';

/** How XState's own promise actors report that they have resolved. */
const RESOLVED = 'xstate.promise.resolve';

/** Resolves a running promise actor before its promise does. */
export function resolveAtOnce(actor: AnyActorRef, data: unknown): void {
  if (actor.getSnapshot().status === 'active') actor.send({ type: RESOLVED, data });
}

/**
 * A promise actor whose answer may be there already. Then neither its promise nor its AbortController is made:
 * both cost CPU in each reading that brings a change.
 * @param takeAnswer the answer for a job, given once
 */
export const answerAtOnce = <Output, Input>(
  actor: PromiseActorLogic<Output, Input>,
  takeAnswer: (job: AnyActorRef) => Output | undefined,
): PromiseActorLogic<Output, Input> => ({
  ...actor,
  start(snapshot, scope) {
    const { self } = scope;
    const data = takeAnswer(jobOf(self));
    if (data === undefined) {
      actor.start?.(snapshot, scope);
      return;
    }
    // Later, because the job is still in the step that started this actor.
    queueMicrotask(() => resolveAtOnce(self, data));
  },
});
