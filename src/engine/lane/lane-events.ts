import { guardedCall } from '../../services/guarded-call.js';
import { createEventStream } from '../job/event-stream.js';
import type { JobHandle } from '../job/job-handle.js';
import { type JobLogger, listenerFault } from '../job/job-logger.js';
import type { LaneEvent } from './goal-lane.js';

type Listener = (event: LaneEvent) => void;

/** The events of all jobs as one stream. */
export interface LaneEvents {
  follow(handle: JobHandle): void;
  listen(type: string, listener: Listener): () => void;
  reader(): AsyncIterator<LaneEvent>;
  end(): void;
}

export function createLaneEvents(logger: JobLogger | undefined): LaneEvents {
  const stream = createEventStream<LaneEvent>();
  const listeners = new Set<{ readonly type: string; readonly call: Listener }>();

  function deliver(event: LaneEvent): void {
    stream.push(event);
    for (const { type, call } of [...listeners]) {
      if (type !== '*' && type !== event.type) continue;
      guardedCall(
        () => call(event),
        (error) =>
          logger?.error(listenerFault(event, call, event.jobId, error), 'a listener of the host threw'),
      );
    }
  }

  return {
    follow: (handle) => void handle.on('*', (event) => deliver({ ...event, jobId: handle.id })),
    listen(type, call) {
      const entry = { type, call };
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    reader: stream.reader,
    end: stream.end,
  };
}
