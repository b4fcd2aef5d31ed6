import { guardedCall } from '../../services/guarded-call.js';
import { type JobLogger, listenerFault } from './job-logger.js';

interface Entry<Event> {
  readonly type: string;
  readonly call: (event: Event) => void;
}

/** Listeners by the type of an event, or by `*` to all. One that throws is told to the log, and takes neither the job nor the others down. */
export interface Listeners<Event extends { readonly type: string }> {
  /** Returns what ends it. Whoever begins or ends while an event is told does so from the next event on. */
  listen(type: string, call: (event: never) => void): () => void;
  tell(event: Event): void;
}

/** @param jobIdOf whose event it is, for the log */
export function createListeners<Event extends { readonly type: string }>(
  logger: JobLogger | undefined,
  jobIdOf: (event: Event) => string,
): Listeners<Event> {
  let entries: readonly Entry<Event>[] = [];
  return {
    listen(type, call) {
      // The overloads of a handle promise the listener only events of its own type; the test in `tell` keeps the promise.
      const entry = { type, call: call as Entry<Event>['call'] };
      entries = [...entries, entry];
      return () => {
        entries = entries.filter((other) => other !== entry);
      };
    },
    tell(event) {
      for (const { type, call } of entries) {
        if (type !== '*' && type !== event.type) continue;
        guardedCall(
          () => call(event),
          (error) =>
            logger?.error(listenerFault(event, call, jobIdOf(event), error), 'a listener of the host threw'),
        );
      }
    },
  };
}
