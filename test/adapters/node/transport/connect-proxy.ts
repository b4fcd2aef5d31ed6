import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';

/** A proxy on 127.0.0.1 as companies have them: it leads every name to one port of this machine. */
export interface ConnectProxy {
  readonly url: string;
  /** The targets of CONNECT, in order. */
  readonly tunnels: readonly string[];
  /** The plain requests that it was handed: their target and headers. */
  readonly forwarded: ReadonlyArray<Pick<IncomingMessage, 'url' | 'headers'>>;
  readonly connections: () => number;
  close(): Promise<void>;
}

export interface ProxyManners {
  /** Answers so, to CONNECT and to plain requests. */
  readonly refuses?: number;
  /** Says nothing at all. */
  readonly isDeaf?: boolean;
  /** Is itself spoken to over TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export async function serveProxy(
  toPort: number,
  { refuses, isDeaf, tls }: ProxyManners = {},
): Promise<ConnectProxy> {
  const tunnels: string[] = [];
  const forwarded: Array<Pick<IncomingMessage, 'url' | 'headers'>> = [];
  const sockets = new Set<Socket>();
  let opened = 0;
  const onRequest = (raw: IncomingMessage, response: ServerResponse): void => {
    forwarded.push({ url: raw.url ?? '', headers: raw.headers });
    if (refuses !== undefined) {
      response.writeHead(refuses).end('<html>proxy</html>');
      return;
    }
    const { method, headers } = raw;
    const path = new URL(raw.url ?? '').pathname;
    const onward = request({ port: toPort, host: '127.0.0.1', method, path, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(response);
    });
    raw.pipe(onward);
  };
  const server = tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest);
  server.on('connect', (raw: IncomingMessage, socket: Socket, head: Buffer) => {
    tunnels.push(raw.url ?? '');
    forwarded.push({ url: '', headers: raw.headers });
    if (isDeaf) return;
    if (refuses !== undefined)
      return void socket.end(`HTTP/1.1 ${refuses} No\r\nContent-Length: 5\r\n\r\nproxy`);
    const onward = connect(toPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    sockets.add(onward);
    onward.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('error', () => onward.destroy()).on('close', () => onward.destroy());
  });
  server.on('connection', (socket) => {
    opened += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    tunnels,
    forwarded,
    connections: () => opened,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
