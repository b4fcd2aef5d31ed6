import { createServer, type Server, type Socket } from 'node:net';

/** A server of bytes: what it says is written by hand, packet by packet. */
export interface RawServer {
  readonly origin: string;
  /** The heads of the requests, as they came, in order. */
  readonly heads: readonly string[];
  readonly connections: () => number;
  close(): Promise<void>;
}

/** Called with each request's head, on its connection; `nth` counts the requests of the server from 1. */
export type OnHead = (socket: Socket, nth: number, head: string) => void;

function listen(server: Server, host: string): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

const lengthOf = (head: string): number => Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);

/** Hears requests one after another on each connection, over the body of each. */
export async function serveBytes(onHead: OnHead, host = '127.0.0.1'): Promise<RawServer> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  let opened = 0;
  const server = createServer((socket) => {
    opened += 1;
    sockets.add(socket);
    let pending = '';
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      pending += bytes.toString('latin1');
      for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
        const head = pending.slice(0, end);
        const next = end + 4 + lengthOf(head);
        if (pending.length < next) return;
        pending = pending.slice(next);
        heads.push(head);
        onHead(socket, heads.length, head);
      }
    });
  });
  const port = await listen(server, host);
  return {
    origin: host.includes(':') ? `http://[${host}]:${port}` : `http://${host}:${port}`,
    heads,
    connections: () => opened,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
