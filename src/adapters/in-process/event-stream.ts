import type { JobHandleEvent } from './job-handle.js';

/** Events for `for await`: each reader gets all that comes after it began, at its own pace. */
export interface EventStream<Event = JobHandleEvent> {
  push(event: Event): void;
  end(): void;
  reader(): AsyncIterator<Event>;
}

interface Reader<Event> {
  readonly queue: Event[];
  wake: (() => void) | undefined;
}

export function createEventStream<Event = JobHandleEvent>(): EventStream<Event> {
  const readers = new Set<Reader<Event>>();
  let isEnded = false;
  const wakeAll = (): void => {
    for (const reader of readers) reader.wake?.();
  };
  return {
    push(event) {
      for (const reader of readers) reader.queue.push(event);
      wakeAll();
    },
    end() {
      isEnded = true;
      wakeAll();
    },
    reader() {
      const reader: Reader<Event> = { queue: [], wake: undefined };
      readers.add(reader);
      const next = async (): Promise<IteratorResult<Event>> => {
        while (reader.queue.length === 0 && !isEnded) {
          await new Promise<void>((resolve) => {
            reader.wake = resolve;
          });
        }
        const value = reader.queue.shift();
        if (value !== undefined) return { value, done: false };
        readers.delete(reader);
        return { value: undefined, done: true };
      };
      const stop = async (): Promise<IteratorResult<Event>> => {
        readers.delete(reader);
        return { value: undefined, done: true };
      };
      return { next, return: stop };
    },
  };
}
