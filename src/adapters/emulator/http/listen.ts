import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One origin on the loopback. */
export interface Listening {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** Ends the server and every socket of it. */
  close(): Promise<void>;
}

const isAddress = (address: AddressInfo | string | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(isAddress(address) ? address.port : port);
    });
  });
}

/** Listens on 127.0.0.1; port 0 takes any free one. Rejects with the system's error, such as EADDRINUSE. */
export async function listen(port: number, onRequest: RequestListener): Promise<Listening> {
  const server = createServer({ requestTimeout: 0 }, onRequest);
  const origin = `http://127.0.0.1:${await listenOn(server, port)}`;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { origin, close };
}
