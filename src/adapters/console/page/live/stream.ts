import type { ServerEvent } from '../../wire/events.js';
import { call } from './api.js';
import { consoleStore } from './console-store.js';

type Told =
  | { readonly kind: 'event'; readonly event: ServerEvent }
  | { readonly kind: 'link'; readonly link: 'connected' | 'lost' }
  | { readonly kind: 'hello' };

const TYPES = ['reset', 'job', 'gone', 'limits', 'warning'] as const;
const AGAIN_MS = 2_000;

let reconnect = (): void => undefined;

/** Connects at once instead of at the next try. */
export const connectNow = (): void => reconnect();

/** One stream of the server; `pass` hears everything too. */
function openStream(pass: (told: Told) => void): () => void {
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
      // The browser gives up for good after an answer that is no stream.
      clearTimeout(timer);
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(connect, AGAIN_MS);
    });
    for (const type of TYPES)
      source.addEventListener(type, ({ data }: MessageEvent<string>) => {
        // Our own server's words.
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

/** A stream for each tab, let go of while it is not seen: browsers allow six connections to one address. */
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

/** One stream for all tabs of this browser: one leads, the others listen to it, and the next leads when it goes. */
export function startStream(): void {
  // Only where the address is this machine or encrypted.
  if (!('locks' in navigator) || typeof BroadcastChannel === 'undefined') streamWhileSeen();
  else streamOfBrowser();
}

function streamOfBrowser(): void {
  const channel = new BroadcastChannel('goal-lane');
  let isLeader = false;
  const pass = (told: Told): void => channel.postMessage(told);
  channel.addEventListener('message', ({ data }: MessageEvent<Told>) => {
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
    // Held for as long as the tab lives.
    return new Promise<never>(() => undefined);
  });
  void refresh();
  reconnect = () => void refresh();
  pass({ kind: 'hello' });
}
