import type { ServerEvent } from '../../wire/events.js';
import { call } from './api.js';
import { consoleStore } from './console-store.js';

type TabMessage =
  | { readonly kind: 'event'; readonly event: ServerEvent }
  | { readonly kind: 'link'; readonly link: 'connected' | 'lost' }
  | { readonly kind: 'hello' };

const TYPES = ['reset', 'job', 'gone', 'limits', 'warning'] as const;
const AGAIN_MS = 2_000;

let reconnect = (): void => undefined;

/** Connects now instead of at the next attempt. */
export const connectNow = (): void => reconnect();

/** Opens one stream of the server; `pass` gets every event, too. */
function openStream(pass: (message: TabMessage) => void): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const setLink = (link: 'connected' | 'lost'): void => {
    consoleStore.setLink(link);
    pass({ kind: 'link', link });
  };
  const connect = (): void => {
    clearTimeout(timer);
    source?.close();
    source = new EventSource('/api/events');
    source.addEventListener('open', () => setLink('connected'));
    source.addEventListener('error', () => {
      setLink('lost');
      // After a response that is not a stream, the browser does not reconnect.
      clearTimeout(timer);
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(connect, AGAIN_MS);
    });
    for (const type of TYPES)
      source.addEventListener(type, ({ data }: MessageEvent<string>) => {
        // Boundary: events of our own server.
        const event = { type, ...JSON.parse(data) } as ServerEvent;
        consoleStore.apply(event);
        pass({ kind: 'event', event });
      });
  };
  reconnect = connect;
  connect();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

/** One stream for each tab, closed while the tab is hidden, because browsers allow six connections to one address. */
function streamWhileSeen(): void {
  let close: (() => void) | undefined;
  const look = (): void => {
    if (document.hidden) {
      close?.();
      close = undefined;
    } else close ??= openStream(() => undefined);
  };
  document.addEventListener('visibilitychange', look);
  look();
}

const refresh = (): Promise<void> =>
  call<ServerEvent>('GET', '/api/snapshot').then(
    (event) => {
      consoleStore.apply(event);
      consoleStore.setLink('connected');
    },
    () => consoleStore.setLink('lost'),
  );

/** One stream for all tabs of this browser: one tab leads and the others listen to it; when it closes, the next one leads. */
export function startStream(): void {
  // Available only in secure contexts (HTTPS or localhost).
  if (!('locks' in navigator) || typeof BroadcastChannel === 'undefined') streamWhileSeen();
  else streamOfBrowser();
}

function streamOfBrowser(): void {
  const channel = new BroadcastChannel('goal-lane');
  let isLeader = false;
  const pass = (message: TabMessage): void => channel.postMessage(message);
  channel.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => {
    if (data.kind === 'hello') {
      const { link } = consoleStore.get();
      if (isLeader && link !== 'connecting') pass({ kind: 'link', link });
    } else if (!isLeader && data.kind === 'event') consoleStore.apply(data.event);
    else if (!isLeader && data.kind === 'link') {
      if (data.link === 'connected' && consoleStore.get().link === 'lost') void refresh();
      consoleStore.setLink(data.link);
    }
  });
  void navigator.locks.request('goal-lane-stream', () => {
    isLeader = true;
    openStream(pass);
    // The lock is held as long as the tab lives.
    return new Promise<never>(() => undefined);
  });
  void refresh();
  reconnect = () => void refresh();
  pass({ kind: 'hello' });
}
