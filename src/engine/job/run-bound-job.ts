import type { JobCommand } from '../../machines/job-events.js';
import { unfailingLogger } from '../../services/unfailing-logger.js';
import type { Clock } from '../binding/clock.js';
import { askAgain } from './ask-again.js';
import { createAudience } from './audience.js';
import { checkCommand } from './check-command.js';
import { createJobActor, type JobActor, type JobActorOptions } from './job-actor.js';
import type { JobHandle } from './job-handle.js';
import { logJob } from './job-log.js';
import { outcomeOf } from './job-outcome.js';
import { toldNow, viewNow } from './wall-times.js';

export interface BoundJobOptions extends JobActorOptions {
  readonly clock: Clock;
}

/** @internal Runs one job on ports that are bound already: one binding serves any number of jobs. */
export function runBoundJob(options: BoundJobOptions): JobHandle & { readonly actor: JobActor } {
  const { id, clock, inFlight } = options;
  const logger = options.logger && unfailingLogger(options.logger);
  const actor = createJobActor({ ...options, logger });
  const audience = createAudience(actor, logger, logger && logJob(actor, id, logger));
  actor.on('*', (event) => audience.deliver(toldNow(event, clock)));
  const output = outcomeOf(actor);
  void output.then(audience.end);
  const send = (given: JobCommand): void => {
    const command = checkCommand(given);
    // A command that comes after the end is no mistake of the host: it could not know.
    if (actor.getSnapshot().status === 'active') actor.send(command);
  };
  actor.start();
  if (options.snapshot) askAgain(actor, clock, audience.deliver);
  return {
    id,
    actor,
    view: () => viewNow(actor, clock),
    on: audience.on,
    send,
    submitSlots: (slots) => send({ type: 'SUBMIT_SLOTS', slots }),
    confirm: () => send({ type: 'CONFIRM' }),
    result: () => output,
    async detach() {
      send({ type: 'DETACH' });
      const result = await output;
      await inFlight.idle();
      return result;
    },
    [Symbol.asyncIterator]: audience.reader,
  };
}
