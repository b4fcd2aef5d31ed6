import type { AnyActorRef } from 'xstate';
import { type GoalJobMachine, machineFor } from '../../machines/goal-job-machine.js';
import type { JobInput } from '../../machines/job-input.js';
import type { BoundCalls } from './job-binding.js';
import { provideActors } from './provide-actors.js';

const boundCalls = new WeakMap<AnyActorRef, BoundCalls>();

function boundCallsOf(job: AnyActorRef): BoundCalls {
  const bound = boundCalls.get(job);
  if (bound === undefined) throw new Error(`the actor ${job.id} was started before its ports were bound`);
  return bound;
}

const bound = new Map<GoalJobMachine, GoalJobMachine>();

/**
 * The machine for a job with this input, bound to the ports of its actor. Binding a machine clones all its states in XState (some
 * ms, some 170 kB), so all lanes of a process share one, which is created for the first job and looks up the ports by job.
 */
export function boundMachineFor(input: Pick<JobInput, 'deadlineAt'>): GoalJobMachine {
  const machine = machineFor(input);
  const known = bound.get(machine) ?? provideActors(machine, boundCallsOf);
  bound.set(machine, known);
  return known;
}

/** Registers the calls for the actors of a job; must happen before the job's actor starts. */
export const bindJob = (job: AnyActorRef, calls: BoundCalls): void => void boundCalls.set(job, calls);
