import { type Actor, createActor, type InspectionEvent, type Observer, type Snapshot } from 'xstate';
import type { GoalJobMachine } from '../../machines/goal-job-machine.js';
import type { JobContext } from '../../machines/job-context.js';
import type { JobInput } from '../../machines/job-input.js';
import { guardedCall } from '../../services/guarded-call.js';
import { stackOf } from '../binding/as-failure.js';
import { bindJob, boundMachineFor } from './bound-machines.js';
import type { InFlight } from './in-flight.js';
import { BoundCalls, type JobBinding } from './job-binding.js';
import type { JobLogger } from './job-logger.js';

export interface JobActorOptions {
  readonly binding: JobBinding;
  /** Counts the job's pending work. */
  readonly inFlight: InFlight;
  readonly input: JobInput;
  readonly id: string;
  readonly snapshot?: Snapshot<unknown> | undefined;
  readonly logger?: JobLogger | undefined;
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void) | undefined;
}

type Inspect = NonNullable<JobActorOptions['inspect']>;

/**
 * An inspector of the host that throws must not break the job, because XState calls it during a step. Only its first error is
 * logged; the next ones are likely the same.
 */
function guardedInspect(inspect: Inspect, jobId: string, logger: JobLogger | undefined): Inspect {
  let isLogged = false;
  const onFault = (error: unknown): void => {
    if (!isLogged)
      logger?.error({ job: jobId, function: 'inspect', stack: stackOf(error) }, 'inspect of the host threw');
    isLogged = true;
  };
  return (event) =>
    guardedCall(() => (typeof inspect === 'function' ? inspect(event) : inspect.next?.(event)), onFault);
}

/** The input the job continues with: a snapshot contains its own. */
function inputIn({ snapshot, input }: JobActorOptions): JobInput {
  const context: unknown = snapshot && Reflect.get(snapshot, 'context');
  // Boundary: a snapshot of the machine has the context type of the machine.
  return (context as JobContext | undefined)?.input ?? input;
}

/**
 * XState makes a system for each root actor: two kilobytes, of which such a job uses nothing but the registry of its actors. Jobs
 * that are not inspected share one.
 */
const inSystemOf = ({ root }: JobBinding) => (root === undefined ? {} : { parent: root });

export function createJobActor(options: JobActorOptions): JobActor {
  const { input, id, snapshot, inspect, logger, binding, inFlight } = options;
  const actor = createActor(boundMachineFor(inputIn(options)), {
    id,
    input,
    ...(snapshot ? { snapshot } : {}),
    ...(inspect ? { inspect: guardedInspect(inspect, id, logger) } : inSystemOf(binding)),
  });
  // A root like any other: it can be stopped, and its end is nobody else's.
  if (actor._parent !== undefined) Reflect.set(actor, '_parent', undefined);
  bindJob(actor, new BoundCalls(binding, inFlight));
  return actor;
}

/** The XState actor of one job. */
export type JobActor = Actor<GoalJobMachine>;
