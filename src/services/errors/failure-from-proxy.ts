import type { Failure } from '../failure.js';

const CURES: Readonly<Record<number, string>> = {
  403: 'The proxy does not let this connection through: ask whoever runs it, or name the host in NO_PROXY; nothing was sent.',
  407: "Put the proxy's user and password into the proxy's URL (HTTPS_PROXY=http://user:password@host:port); nothing was sent.",
};

/** What a proxy answered where the server was meant. The server saw nothing of the request. */
export const failureFromProxy = (method: string, path: string, status: number): Failure => ({
  kind: 'network',
  message: `${method} ${path} was not sent: the proxy answered ${status}`,
  advice:
    CURES[status] ??
    'The proxy does not reach the server: check the proxy and the base URL; nothing was sent.',
  delivery: 'not-sent',
  speaker: 'proxy',
  method,
  path,
});
