import type { JobEmitted } from '../../machines/job-events.js';
import { inputRequest } from '../../machines/question/question.js';
import type { Clock } from '../binding/clock.js';
import type { JobActor } from './job-actor.js';
import type { JobHandleEvent } from './job-handle.js';
import { eventNow } from './wall-times.js';

/** What a person was asked before the job was stored: a restored machine does not ask again by itself. */
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

/** Asks once more of a restored job, a turn after the host could begin to listen. */
export function askAgain(actor: JobActor, clock: Clock, deliver: (event: JobHandleEvent) => void): void {
  if (openRequest(actor) === undefined) return;
  const cancel = clock.schedule(clock.now(), () => {
    const request = openRequest(actor);
    if (request) deliver(eventNow(request, clock));
  });
  actor.subscribe({ complete: cancel, error: cancel });
}
