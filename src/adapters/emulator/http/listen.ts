import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One origin on the loopback. */
export interface Listening {
  /** `http://127.0.0.1:port`, or the requested address. */
  readonly origin: string;
  /** Stops listening for `ms`: idle connections are closed, and new ones get ECONNREFUSED. Resolves once they do. */
  refuseFor(ms: number): Promise<void>;
  /** Closes the server and all its sockets. */
  close(): Promise<void>;
}

export interface Address {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

const isAddress = (address: AddressInfo | string | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;

function listenOn(server: Server, { port, host }: Address): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(isAddress(address) ? address.port : port);
    });
  });
}

/** Takes the server off its port and restores it; a longer absence replaces a shorter one. */
function createAbsence(server: Server, address: Address) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  // If another program took the port meanwhile, connections stay refused; there is nowhere to report it.
  const comeBack = (): void => void (isOver || listenOn(server, address).catch(() => undefined));
  return {
    async begin(ms: number): Promise<void> {
      clearTimeout(timer);
      if (isOver) return;
      if (server.listening) server.close();
      server.closeIdleConnections();
      timer = setTimeout(comeBack, ms);
    },
    end() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}

/** The address by which a program on this machine reaches the server: a wildcard address cannot be called. */
const reachable = (host: string): string =>
  host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;

/** Listens on an address. Rejects with the system's error, such as EADDRINUSE. */
export async function listen(address: Address, onRequest: RequestListener): Promise<Listening> {
  // An upload may take longer than Node's default limit of five minutes per request.
  const server = createServer({ requestTimeout: 0 }, onRequest);
  const port = await listenOn(server, address);
  const absence = createAbsence(server, { ...address, port });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      absence.end();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { origin: `http://${reachable(address.host)}:${port}`, refuseFor: absence.begin, close };
}
