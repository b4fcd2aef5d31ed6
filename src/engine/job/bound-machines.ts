import type { AnyActorRef } from 'xstate';
import { type GoalJobMachine, machineFor } from '../../machines/goal-job-machine.js';
import type { JobInput } from '../../machines/job-input.js';
import { type BoundJob, provideActors } from './provide-actors.js';

const boundJobs = new WeakMap<AnyActorRef, BoundJob>();

function boundJobOf(job: AnyActorRef): BoundJob {
  const bound = boundJobs.get(job);
  if (bound === undefined) throw new Error(`the actor ${job.id} was started before its ports were bound`);
  return bound;
}

const bound = new Map<GoalJobMachine, GoalJobMachine>();

/**
 * The machine for a job with this input, bound to whatever its actor is bound to. XState clones all states to bind a machine (some ms,
 * some 170 kB), so that all lanes of a process share one, made when the first job starts, and the ports are looked up by the job.
 */
export function boundMachineFor(input: Pick<JobInput, 'deadlineAt'>): GoalJobMachine {
  const machine = machineFor(input);
  const known = bound.get(machine) ?? provideActors(machine, boundJobOf);
  bound.set(machine, known);
  return known;
}

/** Says what the actors of a job call: before the job's own actor is started. */
export const bindJob = (actor: AnyActorRef, job: BoundJob): void => void boundJobs.set(actor, job);
