import type { JobHandleEvent } from './job-handle.js';

/** Events for `for await`: each reader gets all that comes after it began, at its own pace. */
export interface EventStream<Event = JobHandleEvent> {
  push(event: Event): void;
  end(): void;
  /** @param signal aborted, it ends the reader as `return` does, what it waits for included: quietly, as done */
  reader(signal?: AbortSignal): AsyncIterableIterator<Event>;
}

interface Reader<Event> {
  /** Events that nobody has asked for yet. */
  readonly queue: Event[];
  /** Those who have asked before there was an event, first come first served. */
  readonly asking: ((result: IteratorResult<Event>) => void)[];
  readonly forgetSignal: () => void;
}

const DONE = { value: undefined, done: true } as const;

/** Calls back once where the signal aborts; returns what ends that. */
function onAbort(signal: AbortSignal | undefined, call: () => void): () => void {
  signal?.addEventListener('abort', call, { once: true });
  return () => signal?.removeEventListener('abort', call);
}

export function createEventStream<Event = JobHandleEvent>(): EventStream<Event> {
  const readers = new Set<Reader<Event>>();
  let isEnded = false;
  const dismiss = (reader: Reader<Event>): void => {
    readers.delete(reader);
    reader.forgetSignal();
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
    reader(signal) {
      const stop = (): void => {
        reader.queue.length = 0;
        dismiss(reader);
      };
      const isOver = isEnded || signal?.aborted === true;
      const forgetSignal = isOver ? () => undefined : onAbort(signal, stop);
      const reader: Reader<Event> = { queue: [], asking: [], forgetSignal };
      if (!isOver) readers.add(reader);
      return {
        async next() {
          if (reader.queue.length > 0) {
            // The length has just been seen.
            return { value: reader.queue.shift() as Event, done: false };
          }
          if (!readers.has(reader)) return DONE;
          return new Promise((resolve) => reader.asking.push(resolve));
        },
        async return() {
          stop();
          return DONE;
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
  };
}
