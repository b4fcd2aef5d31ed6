import type { ServerEvent } from '../../wire/events.js';
import { type EventRing, eventText } from './event-ring.js';

export interface EventStream {
  /** To all clients. */
  readonly send: (event: ServerEvent) => void;
  /** Opens a stream for a client: what it missed, or everything. */
  readonly open: (
    lastEventId: string | undefined,
    all: () => ServerEvent,
  ) => ReadableStream<Uint8Array> | undefined;
  readonly readers: () => number;
  readonly close: () => void;
}

/** A client that is this many bytes behind is disconnected; it reconnects and gets everything. */
const MAX_BEHIND = 512 * 1024;
const MAX_READERS = 256;
const PING_MS = 15_000;

interface Reader {
  readonly write: (bytes: Uint8Array) => void;
  readonly end: () => void;
}

const encoder = new TextEncoder();
const PING = encoder.encode(': ping\n\n');

/** Writes to the stream of a client until it ends, or is too far behind. */
function readerOf(controller: ReadableStreamDefaultController<Uint8Array>, readers: Set<Reader>): Reader {
  const end = (): void => {
    if (!readers.delete(reader)) return;
    // The stream is already closed if the client has disconnected.
    try {
      controller.close();
    } catch {}
  };
  const reader: Reader = {
    end,
    write(bytes) {
      if ((controller.desiredSize ?? 0) < -MAX_BEHIND) end();
      else controller.enqueue(bytes);
    },
  };
  readers.add(reader);
  return reader;
}

/** One event stream for each client, with bounded memory. */
export function createEventStream(ring: EventRing): EventStream {
  const readers = new Set<Reader>();
  const ping = setInterval(() => {
    for (const reader of readers) reader.write(PING);
  }, PING_MS);
  ping.unref();

  return {
    send(event) {
      const bytes = encoder.encode(ring.add(event).text);
      for (const reader of [...readers]) reader.write(bytes);
    },
    open(lastEventId, all) {
      if (readers.size >= MAX_READERS) return undefined;
      let reader: Reader | undefined;
      return new ReadableStream<Uint8Array>(
        {
          start(controller) {
            reader = readerOf(controller, readers);
            const missed = ring.since(lastEventId);
            const first = missed?.map(({ text }) => text).join('') ?? eventText(ring.lastId(), all());
            reader.write(encoder.encode(`retry: 1000\n\n${first}`));
          },
          cancel() {
            reader?.end();
          },
        },
        new ByteLengthQueuingStrategy({ highWaterMark: 16 * 1024 }),
      );
    },
    readers: () => readers.size,
    close() {
      clearInterval(ping);
      for (const reader of [...readers]) reader.end();
    },
  };
}
