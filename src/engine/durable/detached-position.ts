import type { JobContext } from '../../machines/job-context.js';
import { movedTo, type Position, statePathOf } from '../interpreter/position.js';

/**
 * A person who resumes has fixed something: retries are counted from the start. So does trust in the item version: a 409 that came without a newer one may
 * have been a stray one, and the job is read before anything is sent.
 */
const patient = (context: JobContext): JobContext => ({
  ...context,
  setbacks: {},
  interrupted: undefined,
  staleReadings: 0,
  refusedVersion: undefined,
});

/** The context of a job that is let go, as if it had not been. */
const goingOn = (context: JobContext): JobContext => ({
  ...context,
  outcome: undefined,
  detachReason: undefined,
  failure: undefined,
});

/** The server says where a job is that exists; one that does not exist is looked at from the start, and nothing was created. */
const fromTheServer = (context: JobContext): Position =>
  movedTo('preparing', context.jobSpecId === undefined ? 'inspecting' : 'attaching', context);

/** A create whose outcome is unknown is kept as just that: nothing but a decision leads on from there (law 1). */
function undecided(last: Position, end: JobContext): Position | undefined {
  const { lifecycle, step } = statePathOf(last.value);
  const isInCreate = lifecycle === 'preparing' && (step === 'creating' || step === 'outcomeUnknown');
  if (!isInCreate || end.jobSpecId !== undefined || end.failure?.kind !== 'outcome-unknown') return undefined;
  // A wait that is due before the create is repeated still has to be waited for.
  const isRefusedWait = end.detachReason === 'max-wait' && end.setbacks !== last.context.setbacks;
  return isRefusedWait
    ? undefined
    : movedTo('preparing', 'outcomeUnknown', { ...goingOn(end), failure: end.failure });
}
/** Where a job goes on that an older release had given up, though it may live (law 7): what it knew, its turns above all, still holds. */
export const positionAfterGivingUp = (end: JobContext): Position => fromTheServer(patient(goingOn(end)));

/**
 * Where a job goes on that was let go. `last` is where it stood before, `end` what it knew at the end: several things may have
 * been learned in the same instant in which it was let go.
 */
export function positionAfterDetach(last: Position, end: JobContext): Position {
  const { lifecycle } = statePathOf(last.value);
  const context = goingOn(end);
  const unknown = undecided(last, end);
  if (unknown !== undefined) return unknown;
  if (end.jobSpecId !== last.context.jobSpecId) return fromTheServer(context);
  switch (end.detachReason) {
    case 'input-needed':
      return fromTheServer(context);
    case 'outcome-unknown':
      // Nothing is created again unasked: whether there is a job is still not known (law 1).
      return movedTo('preparing', 'outcomeUnknown', { ...context, failure: end.failure });
    case 'unreachable':
    case 'key-refused':
    case 'local-failure':
      return fromTheServer(patient(context));
    case 'max-wait': {
      // A wait that would have been too long did not begin; it still has to be waited for (law 3).
      const isRefusedWait = end.setbacks !== last.context.setbacks;
      if (!isRefusedWait) return last;
      const isLimit = end.failure?.kind === 'rate-limited';
      return movedTo(lifecycle, isLimit ? 'rateLimited' : 'backingOff', context);
    }
    default:
      return last;
  }
}
