import { Listeners } from '../../../engine/job/listeners.js';
import type { FleetEvent } from './fleet-client.js';

/** Delivers events from the first one on until the signal aborts. */
type Source = (signal: AbortSignal, onEvent: (event: FleetEvent) => void) => Promise<void>;

/** Listeners that are served by the same requests. */
interface Tap {
  readonly listeners: Listeners<FleetEvent>;
  readonly ending: AbortController;
  count: number;
  hasBegun: boolean;
}

/** The listeners of a job's events. Those that are added together, before the first event arrives, share their requests. */
export class EventTaps {
  readonly #jobId: string;
  readonly #source: Source;
  readonly #watches: Set<AbortController>;
  #newest: Tap | undefined;

  constructor(jobId: string, source: Source, watches: Set<AbortController>) {
    this.#jobId = jobId;
    this.#source = source;
    this.#watches = watches;
  }

  listen(type: string, call: (event: never) => void): () => void {
    const tap = this.#tap();
    const remove = tap.listeners.listen(type, call);
    tap.count += 1;
    let isListening = true;
    return () => {
      if (!isListening) return;
      isListening = false;
      remove();
      tap.count -= 1;
      if (tap.count === 0) tap.ending.abort();
    };
  }

  #tap(): Tap {
    const newest = this.#newest;
    return newest === undefined || newest.hasBegun || newest.ending.signal.aborted ? this.#open() : newest;
  }

  #open(): Tap {
    const ending = new AbortController();
    const listeners = new Listeners<FleetEvent>(undefined, this.#jobId);
    const tap: Tap = { listeners, ending, count: 0, hasBegun: false };
    this.#newest = tap;
    this.#watches.add(ending);
    this.#source(ending.signal, (event) => {
      tap.hasBegun = true;
      listeners.notify(event);
    })
      .catch(() => undefined)
      .finally(() => {
        tap.hasBegun = true;
        this.#watches.delete(ending);
      });
    return tap;
  }
}
