import { guardedCall } from '../../services/guarded-call.js';
import { type JobLogger, listenerFault } from './job-logger.js';

interface Entry<Event> {
  readonly type: string;
  readonly call: (event: Event) => void;
}

/**
 * Listeners for a type of event, or for all with `*`. If one throws, it is logged, and the job and the others continue. A class
 * instead of closures: a lane has one for each of ten thousand waiting jobs.
 */
export class Listeners<Event extends { readonly type: string }> {
  readonly #logger: JobLogger | undefined;
  readonly #jobId: string | ((event: Event) => string);
  #entries: readonly Entry<Event>[] | undefined;

  /** @param jobId the job of the events, for the log */
  constructor(logger: JobLogger | undefined, jobId: string | ((event: Event) => string)) {
    this.#logger = logger;
    this.#jobId = jobId;
  }

  /** Returns a function that unsubscribes. Changes during the delivery of an event apply from the next event on. */
  listen(type: string, call: (event: never) => void): () => void {
    // The overloads of a handle promise a listener only events of its own type; the type check on delivery ensures it.
    const entry = { type, call: call as Entry<Event>['call'] };
    // A list of one takes no room for more.
    this.#entries = this.#entries === undefined ? [entry] : [...this.#entries, entry];
    return () => {
      this.#entries = this.#entries?.filter((other) => other !== entry);
    };
  }

  #jobOf(event: Event): string {
    return typeof this.#jobId === 'string' ? this.#jobId : this.#jobId(event);
  }

  notify(event: Event): void {
    for (const { type, call } of this.#entries ?? []) {
      if (type !== '*' && type !== event.type) continue;
      guardedCall(
        () => call(event),
        (error) =>
          this.#logger?.error(
            listenerFault(event, call, this.#jobOf(event), error),
            'a listener of the host threw',
          ),
      );
    }
  }
}
