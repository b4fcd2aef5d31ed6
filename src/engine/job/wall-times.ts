import type { JobEmitted } from '../../machines/job-events.js';
import type { Failure } from '../../services/failure.js';
import { type Clock, wallOffsetOf, wallTimeOf } from '../binding/clock.js';
import type { JobHandleEvent } from './job-handle.js';

const movedFailure = (failure: Failure, byMs: number): Failure =>
  failure.retryAt === undefined ? failure : { ...failure, retryAt: failure.retryAt + byMs };

/** An event as a host receives it, with times of the wall clock. */
export function eventNow(event: JobEmitted, clock: Clock): JobHandleEvent {
  const at = wallTimeOf(clock);
  const offset = wallOffsetOf(clock);
  // Not spread: each event would get a hidden class of its own.
  if (offset === 0) return Object.assign({}, event, { at });
  const moved = 'failure' in event ? { ...event, failure: movedFailure(event.failure, offset) } : event;
  return 'until' in moved ? { ...moved, until: moved.until + offset, at } : { ...moved, at };
}
