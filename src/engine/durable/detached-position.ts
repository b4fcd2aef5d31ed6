import type { JobContext } from '../../machines/job-context.js';
import { movedTo, type Position, statePathOf } from '../interpreter/position.js';

/**
 * A person who resumes a job has fixed something, so retries are counted from the start. The item version is trusted again too: a
 * 409 without a newer version may have been an accident, and the job is read before anything is sent.
 */
const patient = (context: JobContext): JobContext => ({
  ...context,
  setbacks: {},
  interrupted: undefined,
  staleReadings: 0,
  refusedVersion: undefined,
});

/** The context of a detached job, as if it had not been detached. */
const goingOn = (context: JobContext): JobContext => ({
  ...context,
  outcome: undefined,
  detachReason: undefined,
  failure: undefined,
});

/** An existing job is read from the server; one that was not created starts with inspecting its files. */
const fromTheServer = (context: JobContext): Position =>
  movedTo('preparing', context.jobSpecId === undefined ? 'inspecting' : 'attaching', context);

/** A create with an unknown outcome stays undecided: only a decision of the host leads on (law 1, never twice). */
function undecided(last: Position, end: JobContext): Position | undefined {
  const { lifecycle, step } = statePathOf(last.value);
  const isInCreate = lifecycle === 'preparing' && (step === 'creating' || step === 'outcomeUnknown');
  if (!isInCreate || end.jobSpecId !== undefined || end.failure?.kind !== 'outcome-unknown') return undefined;
  // A wait before the create is repeated still has to be waited for.
  const isRefusedWait = end.detachReason === 'max-wait' && end.setbacks !== last.context.setbacks;
  return isRefusedWait
    ? undefined
    : movedTo('preparing', 'outcomeUnknown', { ...goingOn(end), failure: end.failure });
}
/**
 * Where a job continues that an older release failed although it may be alive (law 7, never disowned). What it knew is still
 * valid, above all its answer cursors.
 */
export const positionAfterGivingUp = (end: JobContext): Position => fromTheServer(patient(goingOn(end)));

/**
 * Where a detached job continues. `last` is its position before, `end` its context at the end: several changes may have happened
 * at the moment of detaching.
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
      // Nothing is created again without a decision: it is still unknown whether there is a job (law 1, never twice).
      return movedTo('preparing', 'outcomeUnknown', { ...context, failure: end.failure });
    case 'unreachable':
    case 'key-refused':
    case 'local-failure':
      return fromTheServer(patient(context));
    case 'max-wait': {
      // The wait that was too long did not start; it still has to be waited for (law 3, never early).
      const isRefusedWait = end.setbacks !== last.context.setbacks;
      if (!isRefusedWait) return last;
      const isLimit = end.failure?.kind === 'rate-limited';
      return movedTo(lifecycle, isLimit ? 'rateLimited' : 'backingOff', context);
    }
    default:
      return last;
  }
}
