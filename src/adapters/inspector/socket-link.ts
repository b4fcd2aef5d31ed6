import type { Link, Replay } from './link.js';

/** Pause between two connection attempts, in ms. */
const RETRY_MS = 2_000;

/** Sends over a browser's WebSocket; reconnects when the connection is lost, and then sends everything again. */
export function createSocketLink(url: string, replay: Replay): Link {
  let socket: WebSocket | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  const connect = (): void => {
    const next = new WebSocket(url);
    socket = next;
    next.addEventListener('open', () => {
      for (const message of replay()) next.send(JSON.stringify(message));
    });
    next.addEventListener('close', () => {
      if (!isClosed) retry = setTimeout(connect, RETRY_MS);
    });
  };
  connect();
  return {
    send(message) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    close() {
      isClosed = true;
      clearTimeout(retry);
      socket?.close();
    },
  };
}
