import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { fieldsOf } from '../../../src/adapters/inspector/visible.js';

export interface ReportSocket {
  /** Of the report with this name. */
  readonly url: (name: string) => string;
  readonly texts: (name: string) => readonly string[];
  /** Resolves when the job was seen at its end. */
  readonly ended: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

const isEnd = (text: string): boolean => {
  const { type, snapshot } = fieldsOf(JSON.parse(text));
  return type === '@xstate.snapshot' && fieldsOf(snapshot).value === 'completed';
};

/** A real WebSocket server that keeps what browsers send to it, apart by name. */
export async function openReports(): Promise<ReportSocket> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const reports = new Map<string, string[]>();
  const over = new Set<string>();
  const listeners = new Set<() => void>();
  server.on('connection', (socket, request) => {
    const name = (request.url ?? '/').slice(1);
    socket.on('message', (data) => {
      const text = String(data);
      reports.set(name, [...(reports.get(name) ?? []), text]);
      if (isEnd(text)) over.add(name);
      for (const listener of listeners) listener();
    });
  });
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  const texts = (name: string): readonly string[] => reports.get(name) ?? [];
  return {
    url: (name) => `ws://127.0.0.1:${port}/${name}`,
    texts,
    ended: (name) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!over.has(name)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
      }),
    async close() {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
