import type { JobHandleEvent } from './job-handle.js';

/** Events for `for await`: each reader receives all events after its start, at its own pace. */
export interface EventStream<Event = JobHandleEvent> {
  push(event: Event): void;
  end(): void;
  /** @param signal when aborted, ends the reader like `return`, including a pending `next`: it ends normally */
  reader(signal?: AbortSignal): AsyncIterableIterator<Event>;
}

interface Reader<Event> {
  /** Events that were not requested yet. */
  readonly queue: Event[];
  /** Pending requests, oldest first. */
  readonly asking: ((result: IteratorResult<Event>) => void)[];
  readonly forgetSignal: () => void;
}

const DONE = { value: undefined, done: true } as const;

/** Calls back once when the signal aborts. Returns a function that unsubscribes. */
function onAbort(signal: AbortSignal | undefined, call: () => void): () => void {
  signal?.addEventListener('abort', call, { once: true });
  return () => signal?.removeEventListener('abort', call);
}

export function createEventStream<Event = JobHandleEvent>(): EventStream<Event> {
  // Made for the first reader: a process may have a thousand lanes, and most are listened to.
  let readers: Set<Reader<Event>> | undefined;
  let isEnded = false;
  const dismiss = (reader: Reader<Event>): void => {
    readers?.delete(reader);
    reader.forgetSignal();
    for (const answer of reader.asking.splice(0)) answer(DONE);
  };
  return {
    push(event) {
      for (const reader of readers ?? []) {
        const answer = reader.asking.shift();
        if (answer === undefined) reader.queue.push(event);
        else answer({ value: event, done: false });
      }
    },
    end() {
      isEnded = true;
      // Events from before the end can still be read.
      for (const reader of [...(readers ?? [])]) dismiss(reader);
    },
    reader(signal) {
      const stop = (): void => {
        reader.queue.length = 0;
        dismiss(reader);
      };
      const isOver = isEnded || signal?.aborted === true;
      const forgetSignal = isOver ? () => undefined : onAbort(signal, stop);
      const reader: Reader<Event> = { queue: [], asking: [], forgetSignal };
      if (!isOver) {
        readers ??= new Set();
        readers.add(reader);
      }
      return {
        async next() {
          if (reader.queue.length > 0) {
            // The length was checked above.
            return { value: reader.queue.shift() as Event, done: false };
          }
          if (readers?.has(reader) !== true) return DONE;
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
