import type { Link, Replay } from './link.js';
import { fieldsOf } from './visible.js';

export interface WindowTarget {
  /**
   * A window or frame that shows an inspector, for example `window.open('https://stately.ai/inspect')`. If it is null (a blocked
   * pop-up), nothing is sent.
   */
  readonly window: Pick<Window, 'postMessage'> | null;
  /** Its origin, for example `https://stately.ai`: nothing is posted to a page of another origin. */
  readonly origin: string;
}

/** @internal Posts to a window once it has announced itself; after a reload it does so again, and gets everything again. */
export function createWindowLink(target: WindowTarget, replay: Replay): Link {
  const post = (message: unknown): void => target.window?.postMessage(message, target.origin);
  let isConnected = false;
  const listen = (event: MessageEvent<unknown>): void => {
    if (target.window === null || event.source !== target.window || event.origin !== target.origin) return;
    if (fieldsOf(event.data).type !== '@statelyai.connected') return;
    isConnected = true;
    replay().forEach(post);
  };
  globalThis.addEventListener('message', listen);
  return {
    send: (message) => {
      if (isConnected) post(message);
    },
    close() {
      globalThis.removeEventListener('message', listen);
      if (isConnected) post({ type: '@statelyai.disconnected' });
      isConnected = false;
    },
  };
}
