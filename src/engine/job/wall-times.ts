import type { JobEmitted } from '../../machines/job-events.js';
import type { Failure } from '../../services/failure.js';
import { type Clock, wallOffsetOf, wallTimeOf } from '../binding/clock.js';
import type { JobActor } from './job-actor.js';
import type { JobHandleEvent, JobView } from './job-handle.js';
import { viewOf } from './job-view.js';

const movedFailure = (failure: Failure, byMs: number): Failure =>
  failure.retryAt === undefined ? failure : { ...failure, retryAt: failure.retryAt + byMs };

/** An event as a host hears it: with its times by the wall clock. */
export function toldNow(event: JobEmitted, clock: Clock): JobHandleEvent {
  const at = wallTimeOf(clock);
  const offset = wallOffsetOf(clock);
  if (offset === 0) return { ...event, at };
  const told = 'failure' in event ? { ...event, failure: movedFailure(event.failure, offset) } : event;
  return 'until' in told ? { ...told, until: told.until + offset, at } : { ...told, at };
}

/** What a host sees of a job now: with its times by the wall clock. */
export function viewNow(actor: JobActor, clock: Clock): JobView {
  const view = viewOf(actor.getSnapshot());
  const { waitingUntil } = view;
  const offset = wallOffsetOf(clock);
  return waitingUntil === undefined || offset === 0 ? view : { ...view, waitingUntil: waitingUntil + offset };
}
