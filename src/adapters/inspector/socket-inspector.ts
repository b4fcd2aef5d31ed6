import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { createInspectorCore, type Inspector, type InspectorOptions } from './inspector.js';
import { loadInspectorPage } from './inspector-page.js';

export interface SocketInspectorOptions extends InspectorOptions {
  /** Default: a free port. */
  readonly port?: number | undefined;
  /** The loopback address to listen on. Default 127.0.0.1. */
  readonly host?: '127.0.0.1' | '::1' | 'localhost' | undefined;
  /** Origins of other pages that may connect. Default: only the inspector's own page. */
  readonly origins?: readonly string[] | undefined;
  /**
   * The inspector that the page's button opens. Default `https://stately.ai/inspect`; nothing is sent there before the button is
   * pressed.
   */
  readonly statelyUrl?: string | undefined;
}

export interface SocketInspector extends Omit<Inspector, 'close'> {
  /** Open it in a browser on this machine. */
  readonly url: string;
  /** For any receiver of the Stately inspector's protocol. */
  readonly socketUrl: string;
  readonly close: () => Promise<void>;
}

/** A receiver that is this many bytes behind is disconnected, so that it does not fill the memory of the job's process. */
const MAX_BEHIND = 8 * 1024 * 1024;

const socketOf = (own: string): string => own.replace(/^http/, 'ws');

function sendPage(response: ServerResponse, own: string, page: (nonce: string) => string): void {
  const nonce = randomBytes(16).toString('base64');
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; connect-src ${socketOf(own)}; frame-ancestors 'none'; base-uri 'none'`,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  });
  response.end(page(nonce));
}

const originOf = ({ address, family, port }: AddressInfo): string =>
  `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;

function listen(server: ReturnType<typeof createServer>, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address);
      else reject(new Error('the inspector has no address'));
    });
  });
}

/** Values from JavaScript are not type-checked. @throws TypeError */
function checkAddress(host: unknown, port: unknown): void {
  if (!['127.0.0.1', '::1', 'localhost'].some((loopback) => loopback === host))
    throw new TypeError(
      `host ${String(host)}: the inspector listens on the loopback only (127.0.0.1, ::1, localhost)`,
    );
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw new TypeError(`port ${String(port)}: not a whole number from 0 to 65535`);
}

/**
 * Any page in a browser may try to open a socket on the loopback: only the inspector's own page, listed pages, and clients that
 * are not browsers (they send no Origin) may connect. The Host header reveals DNS rebinding.
 */
function isWelcome({ headers }: IncomingMessage, own: string, origins: readonly string[]): boolean {
  if (headers.host !== new URL(own).host) return false;
  return headers.origin === undefined || headers.origin === own || origins.includes(headers.origin);
}

function send(client: WebSocket, text: string): void {
  if (client.readyState !== client.OPEN) return;
  if (client.bufferedAmount > MAX_BEHIND) client.terminate();
  else client.send(text);
}

/**
 * Shows the jobs of this process on a page of its own and over a WebSocket, on the loopback only, in the protocol of the Stately
 * inspector. It works offline and never keeps the process alive. It sends the same data as {@link createBrowserInspector}.
 * @throws TypeError for a host that is not a loopback address, or an invalid port; the system's error if the port is taken.
 *
 * @example
 * ```ts
 * import { runGoalJob } from 'goal-lane';
 * import { createSocketInspector } from 'goal-lane/inspector/node';
 *
 * const inspector = await createSocketInspector();
 * console.log(inspector.url); // open it in a browser of this machine
 * const job = runGoalJob({
 *   workflowId: 'goal_lane.cover_letter',
 *   files: ['resume.pdf', 'job-description.pdf'],
 *   inspect: inspector.inspect,
 * });
 * await job.result();
 * inspector.close();
 * ```
 */
export async function createSocketInspector(options: SocketInspectorOptions = {}): Promise<SocketInspector> {
  const { host = '127.0.0.1', port = 0, statelyUrl = 'https://stately.ai/inspect' } = options;
  checkAddress(host, port);
  const page = await loadInspectorPage();
  const server = createServer((request, response) => {
    if (isWelcome(request, own, []) && request.url === '/')
      sendPage(response, own, (nonce) => page(nonce, statelyUrl));
    else response.writeHead(404).end();
  });
  const own = originOf(await listen(server, port, host));
  const sockets = new WebSocketServer({
    server,
    maxPayload: 64 * 1024,
    verifyClient: ({ req }: { req: IncomingMessage }) => isWelcome(req, own, options.origins ?? []),
  });
  const core = createInspectorCore(options, (message) => {
    if (sockets.clients.size === 0) return;
    const text = JSON.stringify(message);
    for (const client of sockets.clients) send(client, text);
  });
  sockets.on('connection', (client) => {
    // A broken connection only affects its receiver.
    client.on('error', () => client.terminate());
    for (const message of core.replay()) send(client, JSON.stringify(message));
  });
  server.on('connection', (connection) => connection.unref());
  server.unref();
  return {
    inspect: core.inspect,
    url: `${own}/`,
    socketUrl: `${socketOf(own)}/`,
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
