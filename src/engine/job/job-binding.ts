import type { AnyActorRef } from 'xstate';
import type { Reply } from '../../machines/reply.js';
import type { StatusReading } from '../../services/wire/wire-types.js';
import type { JobCalls } from '../binding/job-calls.js';
import type { BindOptions } from './bind-options.js';
import type { InFlight } from './in-flight.js';

/** The ports of a host as calls, for any number of jobs. */
export interface JobBinding extends Pick<BindOptions, 'beforeEffect'> {
  readonly calls: JobCalls;
  /** The actor whose system the jobs share; absent for one job, which has a system of its own. */
  readonly root?: AnyActorRef;
}

/** What the actors of one job share. */
export class BoundCalls {
  readonly binding: JobBinding;
  /** Counts the job's pending work. */
  readonly inFlight: InFlight | undefined;
  /** The turn and the read are two actors: a reading that came with the turn is kept for the following `getStatus`. */
  #ahead: Reply<StatusReading> | undefined;

  constructor(binding: JobBinding, inFlight?: InFlight) {
    this.binding = binding;
    this.inFlight = inFlight;
  }

  keepAhead(reply: Reply<StatusReading> | undefined): void {
    this.#ahead = reply;
  }

  /** The kept reading, once. */
  takeAhead(): Reply<StatusReading> | undefined {
    const reply = this.#ahead;
    this.#ahead = undefined;
    return reply;
  }
}
