import { createEventStream, type EventStream } from './event-stream.js';
import type { JobActor } from './job-actor.js';
import type { JobHandleEvent } from './job-handle.js';
import type { JobLogger } from './job-logger.js';
import { createListeners } from './listeners.js';

/** What hears of a job: its log, whoever reads its events, and the host's listeners. */
export function createAudience(
  actor: JobActor,
  logger: JobLogger | undefined,
  log: ((event: JobHandleEvent) => void) | undefined,
) {
  /** Made when somebody reads. */
  let stream: EventStream | undefined;
  const listeners = createListeners<JobHandleEvent>(logger, () => actor.id);
  return {
    deliver(event: JobHandleEvent): void {
      log?.(event);
      stream?.push(event);
      listeners.tell(event);
    },
    on: listeners.listen,
    reader(): AsyncIterator<JobHandleEvent> {
      if (stream === undefined) {
        stream = createEventStream();
        if (actor.getSnapshot().status !== 'active') stream.end();
      }
      return stream.reader();
    },
    end: (): void => stream?.end(),
  };
}
