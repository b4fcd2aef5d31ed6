import type { JobHandleEvent } from './job-handle.js';

/** Events for `for await`: each reader gets all that comes after it began, at its own pace. */
export interface EventStream<Event = JobHandleEvent> {
  push(event: Event): void;
  end(): void;
  reader(): AsyncIterator<Event>;
}

interface Reader<Event> {
  /** Events that nobody has asked for yet. */
  readonly queue: Event[];
  /** Those who have asked before there was an event, first come first served. */
  readonly asking: ((result: IteratorResult<Event>) => void)[];
}

const DONE = { value: undefined, done: true } as const;

export function createEventStream<Event = JobHandleEvent>(): EventStream<Event> {
  const readers = new Set<Reader<Event>>();
  let isEnded = false;
  const dismiss = (reader: Reader<Event>): void => {
    readers.delete(reader);
    for (const answer of reader.asking.splice(0)) answer(DONE);
  };
  return {
    push(event) {
      for (const reader of readers) {
        const answer = reader.asking.shift();
        if (answer === undefined) reader.queue.push(event);
        else answer({ value: event, done: false });
      }
    },
    end() {
      isEnded = true;
      // What has come before the end is still read.
      for (const reader of [...readers]) dismiss(reader);
    },
    reader() {
      const reader: Reader<Event> = { queue: [], asking: [] };
      if (!isEnded) readers.add(reader);
      const next = async (): Promise<IteratorResult<Event>> => {
        if (reader.queue.length > 0) {
          // The length has just been seen.
          return { value: reader.queue.shift() as Event, done: false };
        }
        if (!readers.has(reader)) return DONE;
        return new Promise((resolve) => reader.asking.push(resolve));
      };
      const stop = async (): Promise<IteratorResult<Event>> => {
        reader.queue.length = 0;
        dismiss(reader);
        return DONE;
      };
      return { next, return: stop };
    },
  };
}
