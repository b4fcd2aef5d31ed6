import type { JobEmitted } from '../../machines/job-events.js';
import { inputRequest } from '../../machines/question/question.js';
import type { Clock } from '../binding/clock.js';
import type { JobActor } from './job-actor.js';
import type { JobHandleEvent } from './job-handle.js';
import { eventNow } from './wall-times.js';

/** The request to a person from before the job was stored: a restored machine does not emit it again. */
function openRequest(actor: JobActor): JobEmitted | undefined {
  const snapshot = actor.getSnapshot();
  const { question, failure } = snapshot.context;
  if (snapshot.matches({ preparing: 'outcomeUnknown' }) && failure)
    return { type: 'outcomeUnknown', failure };
  if (snapshot.matches({ pending: 'awaitingConfirm' })) return { type: 'confirmNeeded' };
  if (question && snapshot.hasTag('user-input')) {
    return { type: 'inputNeeded', request: inputRequest(question) };
  }
  return undefined;
}

/** Emits the open request of a restored job again, once the host had a chance to subscribe. */
export function askAgain(actor: JobActor, clock: Clock, deliver: (event: JobHandleEvent) => void): void {
  if (openRequest(actor) === undefined) return;
  const cancel = clock.schedule(clock.now(), () => {
    const request = openRequest(actor);
    if (request) deliver(eventNow(request, clock));
  });
  actor.subscribe({ complete: cancel, error: cancel });
}
