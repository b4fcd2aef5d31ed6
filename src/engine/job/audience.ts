import { createEventStream, type EventStream } from './event-stream.js';
import type { JobHandleEvent } from './job-handle.js';
import type { JobLogger } from './job-logger.js';
import { Listeners } from './listeners.js';

/** The receivers of a job's events: its log, its event streams, and the host's listeners. */
export class Audience {
  readonly #log: ((event: JobHandleEvent) => void) | undefined;
  readonly #listeners: Listeners<JobHandleEvent>;
  /** Created for the first reader. */
  #stream: EventStream | undefined;
  #isEnded = false;

  constructor(
    jobId: string,
    logger: JobLogger | undefined,
    log: ((event: JobHandleEvent) => void) | undefined,
  ) {
    this.#log = log;
    this.#listeners = new Listeners(logger, jobId);
  }

  deliver(event: JobHandleEvent): void {
    if (this.#isEnded) return;
    this.#log?.(event);
    this.#stream?.push(event);
    this.#listeners.notify(event);
  }

  on(type: string, listener: (event: never) => void): () => void {
    return this.#listeners.listen(type, listener);
  }

  reader(signal?: AbortSignal): AsyncIterableIterator<JobHandleEvent> {
    if (this.#stream === undefined) {
      this.#stream = createEventStream();
      if (this.#isEnded) this.#stream.end();
    }
    return this.#stream.reader(signal);
  }

  end(): void {
    this.#isEnded = true;
    this.#stream?.end();
  }
}
