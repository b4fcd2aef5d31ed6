import { type Clock, wallTimeOf } from '../binding/clock.js';
import { askAgain } from './ask-again.js';
import { Audience } from './audience.js';
import { BoundJob, type BoundJobParts } from './bound-job.js';
import { dropOptions } from './drop-options.js';
import { createJobActor, type JobActorOptions } from './job-actor.js';
import type { JobHandleEvent } from './job-handle.js';
import { logJob } from './job-log.js';
import { outcomeOf } from './job-outcome.js';
import type { JobTelemetry } from './telemetry/job-telemetry.js';
import { type TraceMemory, traceJob } from './telemetry/trace-job.js';
import { JobWatch, type JobWatchOptions } from './view/job-watch.js';
import { eventNow } from './wall-times.js';

export interface BoundJobOptions
  extends JobActorOptions,
    Pick<JobWatchOptions, 'surroundings' | 'kept' | 'since'> {
  readonly clock: Clock;
  readonly telemetry?: JobTelemetry | undefined;
  /** What is stored of the job's trace. */
  readonly traced?: TraceMemory | undefined;
}

/** @internal Runs one job on bound ports; one binding serves any number of jobs. */
export function runBoundJob(options: BoundJobOptions): BoundJob {
  return new BoundJob(runBoundParts(options));
}

/** @internal The same, for a handle of another kind. */
export function runBoundParts(options: BoundJobOptions): BoundJobParts {
  const { id, clock, inFlight, surroundings, kept, since, telemetry, logger } = options;
  const actor = createJobActor(options);
  const audience = new Audience(id, logger, logger && logJob(actor, id, logger));
  const watch = new JobWatch(actor, { clock, logger, surroundings, kept, since });
  const memory = options.traced ?? { createdAt: wallTimeOf(clock) };
  const trace = telemetry && traceJob({ telemetry, actor, clock, logger, memory });
  const deliver = (event: JobHandleEvent): void => {
    watch.record(event);
    audience.deliver(event);
    trace?.heard(event);
  };
  actor.on('*', (event) => deliver(eventNow(event, clock)));
  const { output, resolve } = outcomeOf(actor, () => watch.changed());
  void output.then((how) => {
    audience.end();
    trace?.ended(how);
  });
  actor.start();
  dropOptions(actor);
  if (options.snapshot) askAgain(actor, clock, deliver);
  return { actor, audience, watch, output, resolve, inFlight, clock };
}
