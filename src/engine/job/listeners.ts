import { guardedCall } from '../../services/guarded-call.js';
import { type JobLogger, listenerFault } from './job-logger.js';

interface Entry<Event> {
  readonly type: string;
  readonly call: (event: Event) => void;
}

/**
 * Listeners by the type of an event, or by `*` to all. One that throws is told to the log, and takes neither the job nor the others down.
 * A class, not closures: a lane has one for each of ten thousand waiting jobs.
 */
export class Listeners<Event extends { readonly type: string }> {
  readonly #logger: JobLogger | undefined;
  readonly #jobIdOf: (event: Event) => string;
  #entries: readonly Entry<Event>[] | undefined;

  /** @param jobIdOf whose event it is, for the log */
  constructor(logger: JobLogger | undefined, jobIdOf: (event: Event) => string) {
    this.#logger = logger;
    this.#jobIdOf = jobIdOf;
  }

  /** Returns what ends it. A listener that begins or ends while an event is delivered does so from the next event on. */
  listen(type: string, call: (event: never) => void): () => void {
    // The overloads of a handle promise the listener only events of its own type; the test in `tell` keeps the promise.
    const entry = { type, call: call as Entry<Event>['call'] };
    this.#entries = [...(this.#entries ?? []), entry];
    return () => {
      this.#entries = this.#entries?.filter((other) => other !== entry);
    };
  }

  tell(event: Event): void {
    for (const { type, call } of this.#entries ?? []) {
      if (type !== '*' && type !== event.type) continue;
      guardedCall(
        () => call(event),
        (error) =>
          this.#logger?.error(
            listenerFault(event, call, this.#jobIdOf(event), error),
            'a listener of the host threw',
          ),
      );
    }
  }
}
