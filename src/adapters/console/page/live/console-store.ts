import type { ServerEvent } from '../../wire/events.js';
import type { About, JobRow, Limits } from '../../wire/row.js';

export interface ConsoleState {
  readonly about?: About;
  readonly rows: ReadonlyMap<string, JobRow>;
  readonly limits?: Limits;
  readonly link: 'connecting' | 'connected' | 'lost';
  /** Epoch ms of the server's clock. */
  readonly lostSince?: number;
  readonly warning?: string;
  /** The server was restarted with another version than this page. */
  readonly isOld?: true;
}

type Listener = () => void;

let state: ConsoleState = { rows: new Map(), link: 'connecting' };
/** The server's clock minus the browser's, in ms. */
let offset = 0;
let isDue = false;
const listeners = new Set<Listener>();

const notify = (): void => {
  isDue = false;
  for (const listener of [...listeners]) listener();
};

/** Several events in a short time cause one render. */
function scheduleNotify(): void {
  if (isDue) return;
  isDue = true;
  // A hidden tab gets no animation frames.
  if (document.hidden) setTimeout(notify, 200);
  else requestAnimationFrame(notify);
}

function change(patch: Partial<ConsoleState>): void {
  state = { ...state, ...patch };
  scheduleNotify();
}

/** Rows are complete, so the newest wins in any order of arrival. */
function withRow(row: JobRow): void {
  const before = state.rows.get(row.id);
  if (before !== undefined && before.changedAt > row.changedAt) return;
  change({ rows: new Map(state.rows).set(row.id, row) });
}

function withReset(event: Extract<ServerEvent, { type: 'reset' }>): void {
  const isOld = state.about !== undefined && state.about.version !== event.about.version;
  change({
    about: event.about,
    rows: new Map(event.rows.map((row) => [row.id, row])),
    ...(event.limits === undefined ? {} : { limits: event.limits }),
    ...(isOld ? { isOld } : {}),
  });
}

export const consoleStore = {
  get: (): ConsoleState => state,
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  apply(event: ServerEvent): void {
    if ('now' in event) offset = event.now - Date.now();
    switch (event.type) {
      case 'reset':
        withReset(event);
        break;
      case 'job':
        withRow(event.row);
        break;
      case 'gone':
        change({ rows: new Map([...state.rows].filter(([id]) => id !== event.id)) });
        break;
      case 'limits':
        change({ limits: event.limits });
        break;
      case 'warning':
        change({ warning: event.words });
    }
  },
  setLink(link: ConsoleState['link']): void {
    if (link === state.link) return;
    change({ link, ...(link === 'lost' ? { lostSince: serverNow() } : {}) });
  },
};

/** Epoch ms of the server's clock: the browser's may be wrong. */
export const serverNow = (): number => Date.now() + offset;
