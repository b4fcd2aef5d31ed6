import { mayLive, unlessUnknown } from '../../machines/failure/create-outcome.js';
import type { JobOutput } from '../../machines/job-output.js';
import type { Failure } from '../../services/failure.js';
import { asFailure } from '../binding/as-failure.js';
import type { JobActor } from './job-actor.js';

const failureOf = (error: unknown): Failure =>
  error === undefined
    ? asFailure(new Error('its actor was stopped before it had ended'), 'the job')
    : asFailure(error, 'the machine');

/** A machine that threw, or was stopped from outside, has ended; the job itself may be alive (law 7, never disowned). */
export function brokenOutput(actor: JobActor): JobOutput {
  const { error, context } = actor.getSnapshot();
  const { jobSpecId } = context;
  const failure = unlessUnknown(context, failureOf(error));
  if (!mayLive(context)) return { status: 'failed', failure };
  return jobSpecId === undefined
    ? { status: 'detached', reason: 'outcome-unknown', failure }
    : { status: 'detached', jobSpecId, reason: 'local-failure', failure };
}

/** How a job has ended in this process. */
export interface JobOutcome {
  /** Never rejects. */
  readonly output: Promise<JobOutput>;
  /** Ends the job without its machine. */
  resolve(output: JobOutput): void;
}

/** @param onChange called after each step of the machine, including the last */
export function outcomeOf(actor: JobActor, onChange: () => void): JobOutcome {
  let end: JobOutcome['resolve'] = () => undefined;
  const output = new Promise<JobOutput>((resolve) => {
    end = resolve;
    const finish = (): void => {
      onChange();
      const snapshot = actor.getSnapshot();
      if (snapshot.status === 'done' && snapshot.output !== undefined) resolve(snapshot.output);
      else resolve(brokenOutput(actor));
    };
    actor.subscribe({ next: onChange, complete: finish, error: finish });
  });
  return { output, resolve: end };
}
