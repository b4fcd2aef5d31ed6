import type { JobEmitted } from '../../machines/job-events.js';
import type { JobActor } from './job-actor.js';
import type { JobHandleEvent } from './job-handle.js';
import { type JobLogger, jobFields } from './job-logger.js';
import { statePath } from './view/view-of.js';

const LOUD: ReadonlySet<JobEmitted['type']> = new Set([
  'rateLimited',
  'retrying',
  'outcomeUnknown',
  'failed',
]);

/** Logs each state and each event with the job's id, state, item version and attempt. */
export function logJob(actor: JobActor, id: string, logger: JobLogger): (event: JobHandleEvent) => void {
  const log = logger.child({ job: id });
  const fields = (): object => jobFields(actor.getSnapshot());
  let last = '';
  const logState = (): void => {
    const path = statePath(actor.getSnapshot().value);
    if (path === last) return;
    last = path;
    log.debug(fields(), `state ${path}`);
  };
  // Without an error observer, XState would throw errors where they cannot be caught.
  actor.subscribe({ next: logState, error: () => undefined });
  return (event) => {
    const details = 'failure' in event ? { failure: event.failure } : {};
    const line = { ...fields(), event: event.type, ...details };
    if (LOUD.has(event.type)) log.warn(line, event.type);
    else log.info(line, event.type);
  };
}
