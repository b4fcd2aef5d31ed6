import { type Server, STATUS_CODES } from 'node:http';

/** Nothing from other origins, nothing inline, no markup from text. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** Headers of every response, including errors. */
export const SAFETY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** What Node answers by itself when it cannot read a request. */
const STATUS_OF: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

const LINES = Object.entries({ ...SAFETY_HEADERS, Connection: 'close' }).map(
  ([name, value]) => `${name}: ${value}`,
);

/** Answers that are given before a request reaches the app have the headers too. */
export function addSafetyHeaders(server: Server): void {
  server.prependListener('request', (_, response) => {
    for (const [name, value] of Object.entries(SAFETY_HEADERS)) response.setHeader(name, value);
  });
  server.on('checkExpectation', (_, response) => {
    response.writeHead(417, { ...SAFETY_HEADERS, Connection: 'close' }).end();
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable) return void socket.destroy();
    const status = STATUS_OF[error.code ?? ''] ?? 400;
    socket.end(`${[`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...LINES].join('\r\n')}\r\n\r\n`);
  });
}
