import { createBrowserReceiver } from '@statelyai/inspect';

/** Stands for the Stately inspector: its own library's receiver, which passes on what it is sent. */
const param = (name: string): string => new URLSearchParams(location.search).get(name) ?? '';

const socket = new WebSocket(param('report'));
socket.addEventListener('open', () => {
  const tell = (message: unknown): void => socket.send(JSON.stringify(message));
  if (param('channel') !== '') {
    const channel = new BroadcastChannel(param('channel'));
    channel.addEventListener('message', ({ data }) => tell(data));
    channel.postMessage({ type: '@statelyai.connected' });
  } else createBrowserReceiver().subscribe(tell);
});
