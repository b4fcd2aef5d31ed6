import type { ServerEvent } from '../../wire/events.js';

/** One event in its wire format. */
export interface StoredEvent {
  readonly seq: number;
  readonly text: string;
}

export interface EventRing {
  readonly boot: string;
  readonly add: (event: ServerEvent) => StoredEvent;
  /** The id of the newest event. */
  readonly lastId: () => string;
  /** The events after an id; undefined if unknown, because the id is another process's or too old. */
  readonly since: (lastEventId: string | undefined) => readonly StoredEvent[] | undefined;
}

const MAX_EVENTS = 5_000;
const MAX_CHARACTERS = 4 * 1024 * 1024;

export const eventText = (id: string, event: ServerEvent): string => {
  const { type, ...data } = event;
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
};

/** The newest events, so that a client that reconnects gets exactly what it missed. Ids contain the start of the process. */
export function createEventRing(boot: string): EventRing {
  const events: StoredEvent[] = [];
  let characters = 0;
  let seq = 0;
  return {
    boot,
    add(event) {
      seq += 1;
      const stored = { seq, text: eventText(`${boot}.${seq}`, event) };
      events.push(stored);
      characters += stored.text.length;
      while (events.length > MAX_EVENTS || characters > MAX_CHARACTERS)
        characters -= events.shift()?.text.length ?? characters;
      return stored;
    },
    lastId: () => `${boot}.${seq}`,
    since(lastEventId) {
      const [, process, number] = /^([\w-]+)\.(\d+)$/.exec(lastEventId ?? '') ?? [];
      if (process !== boot) return undefined;
      const last = Number(number);
      const oldest = events[0]?.seq ?? seq + 1;
      if (last > seq || last < oldest - 1) return undefined;
      return events.filter((event) => event.seq > last);
    },
  };
}
