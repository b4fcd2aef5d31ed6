import type { Link, Replay } from './link.js';
import { fieldsOf } from './visible.js';

/** Sends on a BroadcastChannel: any page of the same origin can listen, and requests earlier messages with `@statelyai.connected`. */
export function createChannelLink(name: string, replay: Replay): Link {
  const channel = new BroadcastChannel(name);
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (fieldsOf(data).type !== '@statelyai.connected') return;
    for (const message of replay()) channel.postMessage(message);
  });
  return { send: (message) => channel.postMessage(message), close: () => channel.close() };
}
