import { type AnyActorRef, createEmptyActor } from 'xstate';
import { type GoalJobMachine, goalJobMachine } from '../../machines/goal-job-machine.js';
import type { JobPorts } from '../../machines/ports.js';
import type { Logger } from '../../services/logger.js';
import { systemClock } from '../binding/clock.js';
import { countWork } from '../binding/count-work-layer.js';
import { createJobCalls } from '../binding/job-calls.js';
import { layered } from '../binding/ports-layer.js';
import type { BindOptions } from './bind-options.js';
import { BoundCalls, type JobBinding } from './job-binding.js';
import { provideActors } from './provide-actors.js';

/** @internal For handles: errors of the host's functions are logged. */
export interface BindingOptions extends BindOptions {
  readonly logger?: Logger | undefined;
  /** Many jobs run on this binding. */
  readonly isShared?: boolean;
}

/** @internal What all jobs of a host share. */
export function createJobBinding(given: JobPorts, options: BindingOptions = {}): JobBinding {
  const { clock = systemClock, random = Math.random } = options;
  return {
    calls: createJobCalls(given, { ...options, clock, random }),
    ...(options.beforeEffect === undefined ? {} : { beforeEffect: options.beforeEffect }),
    ...(options.isShared ? { root: createEmptyActor() } : {}),
  };
}

/**
 * `goalJobMachine` with every actor provided from plain async functions: pass it to `createActor`.
 * One bound machine can run any number of jobs. Source: the ports of `JobPorts`.
 *
 * @example
 * ```ts
 * import { bindPorts, createNodeClient, createNodePorts } from 'goal-lane';
 * import { createActor } from 'xstate';
 *
 * const client = createNodeClient();
 * const machine = bindPorts(createNodePorts({ client, outDir: 'results' }));
 * const input = { workflowId: 'goal_lane.cover_letter', files: ['resume.pdf', 'job-description.pdf'] };
 * const job = createActor(machine, { input });
 * job.on('inputNeeded', ({ request }) => console.log(request.missing));
 * job.subscribe((snapshot) => console.log(snapshot.value, snapshot.hasTag('user-input')));
 * job.start();
 * ```
 */
export function bindPorts(given: JobPorts, options: BindOptions = {}): GoalJobMachine {
  const ports = layered(given, countWork(options.clock));
  const binding = createJobBinding(ports, options);
  const jobs = new WeakMap<AnyActorRef, BoundCalls>();
  return provideActors(goalJobMachine, (job) => {
    const known = jobs.get(job) ?? new BoundCalls(binding);
    jobs.set(job, known);
    return known;
  });
}
