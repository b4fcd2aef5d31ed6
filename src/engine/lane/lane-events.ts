import { createEventStream } from '../job/event-stream.js';
import type { JobHandle } from '../job/job-handle.js';
import type { JobLogger } from '../job/job-logger.js';
import { Listeners } from '../job/listeners.js';
import type { LaneEvent } from './goal-lane.js';

/** The events of all jobs in one stream. */
export interface LaneEvents {
  follow(handle: JobHandle): void;
  listen(type: string, listener: (event: never) => void): () => void;
  reader(signal?: AbortSignal): AsyncIterableIterator<LaneEvent>;
  end(): void;
}

export function createLaneEvents(logger: JobLogger | undefined): LaneEvents {
  const stream = createEventStream<LaneEvent>();
  const listeners = new Listeners<LaneEvent>(logger, ({ jobId }) => jobId);
  function deliver(event: LaneEvent): void {
    stream.push(event);
    listeners.notify(event);
  }

  return {
    // Not spread: each event would get a hidden class of its own.
    follow: (handle) =>
      void handle.on('*', (event) => deliver(Object.assign({}, event, { jobId: handle.id }))),
    listen: (type, listener) => listeners.listen(type, listener),
    reader: stream.reader,
    end: stream.end,
  };
}
