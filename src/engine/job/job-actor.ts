import { type Actor, createActor, type InspectionEvent, type Observer, type Snapshot } from 'xstate';
import type { GoalJobMachine } from '../../machines/goal-job-machine.js';
import type { JobInput } from '../../machines/job-input.js';
import { guardedCall } from '../../services/guarded-call.js';
import { stackOf } from '../binding/as-failure.js';
import type { JobLogger } from './job-logger.js';

export interface JobActorOptions {
  /** What `bindPorts` made. */
  readonly machine: GoalJobMachine;
  readonly input: JobInput;
  readonly id: string;
  readonly snapshot?: Snapshot<unknown> | undefined;
  readonly logger?: JobLogger | undefined;
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void) | undefined;
}

type Inspect = NonNullable<JobActorOptions['inspect']>;

/** A host's inspector that throws must not take the job down: XState calls it in the middle of a step. Its first fault is told; the next will be the same. */
function guardedInspect(inspect: Inspect, jobId: string, logger: JobLogger | undefined): Inspect {
  let isTold = false;
  const onFault = (error: unknown): void => {
    if (!isTold)
      logger?.error({ job: jobId, function: 'inspect', stack: stackOf(error) }, 'inspect of the host threw');
    isTold = true;
  };
  return (event) =>
    guardedCall(() => (typeof inspect === 'function' ? inspect(event) : inspect.next?.(event)), onFault);
}

export function createJobActor({ machine, input, id, snapshot, inspect, logger }: JobActorOptions): JobActor {
  return createActor(machine, {
    id,
    input,
    ...(snapshot ? { snapshot } : {}),
    ...(inspect ? { inspect: guardedInspect(inspect, id, logger) } : {}),
  });
}

/** The XState actor of one job. */
export type JobActor = Actor<GoalJobMachine>;
