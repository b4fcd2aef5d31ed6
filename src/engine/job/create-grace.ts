import type { AnyActorRef } from 'xstate';
import type { Reply } from '../../machines/reply.js';
import type { Call } from '../binding/call-context.js';
import type { Clock } from '../binding/clock.js';
import { ActorCall, jobOf } from './actor-call.js';
import { resolveAtOnce } from './answer-at-once.js';

/**
 * How long a job that is to be detached waits for the reply to a create in flight, in ms: the reply is the only way to learn the
 * id of the job (law 1, never twice).
 */
export const CREATE_GRACE_MS = 5_000;

const isCreating = (job: AnyActorRef): boolean => {
  const snapshot: unknown = job.getSnapshot();
  const value: unknown =
    typeof snapshot === 'object' && snapshot !== null ? Reflect.get(snapshot, 'value') : undefined;
  return typeof value === 'object' && value !== null && Reflect.get(value, 'preparing') === 'creating';
};

/** Calls back once in the step that ends the create, or the job. */
function onCreateEnd(job: AnyActorRef, callback: () => void): { unsubscribe(): void } {
  const subscription = job.subscribe({
    next: () => {
      if (isCreating(job)) return;
      subscription.unsubscribe();
      callback();
    },
    error: callback,
  });
  return subscription;
}

/** Calls back at once, or, while a create of the job is in flight, as soon as it is answered or its time is over. */
export function afterCreate(job: AnyActorRef, clock: Clock, callback: () => void): void {
  if (!isCreating(job)) {
    callback();
    return;
  }
  const subscription = onCreateEnd(job, () => {
    cancel();
    callback();
  });
  const cancel = clock.schedule(clock.now() + CREATE_GRACE_MS, () => {
    subscription.unsubscribe();
    callback();
  });
}

type Wait = Call<{ readonly at: number }, void>;

/**
 * The wait of the actor `deadline` for the deadline of a job. A create that is in flight at its end is still waited for; the wait
 * ends in the step of its reply, so that nothing is sent after it.
 */
export async function untilDeadline(
  deadline: AnyActorRef,
  wait: Wait,
  ...[input, context]: Parameters<Wait>
): Promise<Reply<void>> {
  const job = jobOf(deadline);
  const reply = await wait(input, context);
  if (!reply.ok || !isCreating(job)) return reply;
  const grace = new ActorCall(job, { binding: {} });
  const subscription = onCreateEnd(job, () => {
    resolveAtOnce(deadline, reply);
    grace.callerSignal.abort(undefined);
  });
  await wait({ at: reply.at + CREATE_GRACE_MS }, grace);
  subscription.unsubscribe();
  return reply;
}
