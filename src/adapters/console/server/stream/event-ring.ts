import type { ServerEvent } from '../../wire/events.js';

/** One event as it stands on the wire. */
export interface StoredEvent {
  readonly seq: number;
  readonly text: string;
}

export interface EventRing {
  readonly boot: string;
  readonly add: (event: ServerEvent) => StoredEvent;
  /** The id that a reader of everything until now has. */
  readonly lastId: () => string;
  /** What was missed since an id; undefined where nobody can know, because it is another process's or too old. */
  readonly since: (lastEventId: string | undefined) => readonly StoredEvent[] | undefined;
}

const MAX_EVENTS = 5_000;
const MAX_CHARACTERS = 4 * 1024 * 1024;

export const eventText = (id: string, event: ServerEvent): string => {
  const { type, ...data } = event;
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
};

/** The last events, so that a reader that comes back is told exactly what it missed. Ids carry the start of the process. */
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
