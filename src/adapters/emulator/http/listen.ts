import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One origin on the loopback. */
export interface Listening {
  /** `http://127.0.0.1:port`, or the address that was asked for. */
  readonly origin: string;
  /** For so long (ms) nobody listens: idle connections end, and new ones meet ECONNREFUSED. Resolves once they do. */
  refuseFor(ms: number): Promise<void>;
  /** Ends the server and every socket of it. */
  close(): Promise<void>;
}

export interface Address {
  readonly host: string;
  /** 0: any that is free. */
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

/** Takes the server off its port and puts it back; a longer absence replaces a shorter one. */
function createAbsence(server: Server, address: Address) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  // If somebody else took the port meanwhile, the refusal goes on: there is nobody to tell.
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

/** How a program on this machine reaches what listens on an address: one that stands for all of them cannot be called. */
const reachable = (host: string): string =>
  host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;

/** Listens on an address. Rejects with the system's error, such as EADDRINUSE. */
export async function listen(address: Address, onRequest: RequestListener): Promise<Listening> {
  // An upload may take longer than Node's default of five minutes for a request.
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
