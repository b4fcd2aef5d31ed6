import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One origin on the loopback. */
export interface Listening {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** For so long (ms) nobody listens: idle connections end, and new ones meet ECONNREFUSED. Resolves once they do. */
  refuseFor(ms: number): Promise<void>;
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

/** Takes the server off its port and puts it back; a longer absence replaces a shorter one. */
function createAbsence(server: Server, port: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  // If somebody else took the port meanwhile, the refusal goes on: there is nobody to tell.
  const comeBack = (): void => void (isOver || listenOn(server, port).catch(() => undefined));
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

/** Listens on 127.0.0.1; port 0 takes any free one. Rejects with the system's error, such as EADDRINUSE. */
export async function listen(port: number, onRequest: RequestListener): Promise<Listening> {
  // An upload may take longer than Node's default of five minutes for a request.
  const server = createServer({ requestTimeout: 0 }, onRequest);
  const actualPort = await listenOn(server, port);
  const absence = createAbsence(server, actualPort);
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      absence.end();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { origin: `http://127.0.0.1:${actualPort}`, refuseFor: absence.begin, close };
}
