import type { IncomingMessage, ServerResponse } from 'node:http';

/** Who may connect to a server on the loopback, besides programs on this machine. */
export interface Guard {
  /** Origins of web pages, as sent by a browser. */
  readonly allowOrigins: ReadonlySet<string>;
  /** The listening address. */
  readonly host: string;
}

/**
 * Validates the origins of web pages that may read replies.
 * @throws TypeError if one is not an origin such as `http://localhost:5173`; `*` and `null` would allow everybody and are
 * rejected
 */
export function namedOrigins(names: readonly string[]): ReadonlySet<string> {
  for (const name of names) {
    if (name.includes('*') || !URL.canParse(name) || new URL(name).origin !== name)
      throw new TypeError(`${JSON.stringify(name)} is not an origin such as http://localhost:5173`);
  }
  return new Set(names);
}

const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

const withoutBrackets = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');

/** The name in a Host header, without its port. */
const nameIn = (header: string): string => withoutBrackets(header.trim().toLowerCase().replace(/:\d*$/, ''));

/**
 * Whether a request was addressed to this machine. With DNS rebinding, a page whose name points to the loopback counts as
 * same-origin in its browser, but its Host header still contains the name.
 */
function isMeantForUs(request: IncomingMessage, { host }: Guard): boolean {
  const given = request.headersDistinct.host ?? [];
  const ours = [...LOOPBACK, withoutBrackets(host), request.socket.localAddress];
  return given.length > 0 && given.every((header) => ours.includes(nameIn(header)));
}

interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly message: string;
}

function refusalOf(request: IncomingMessage, guard: Guard): Refusal | undefined {
  if (!isMeantForUs(request, guard)) {
    const message = 'The Host header names another machine';
    return { status: 421, error: 'misdirected_request', message };
  }
  const { origin } = request.headers;
  if (origin === undefined || guard.allowOrigins.has(origin)) return undefined;
  const message =
    'Web pages of this origin are not allowed; name the allowed origins when the emulator starts';
  return { status: 403, error: 'origin_not_allowed', message };
}

function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { status, error, message } = refusal;
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ error, message, code: status }));
  // Discards its body.
  request.resume();
}

/** Sends the CORS headers for pages of an allowed origin. Access is granted by the key, not by a cookie. */
function allowPage(request: IncomingMessage, response: ServerResponse, origin: string): boolean {
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Expose-Headers', '*');
  const wanted = request.headers['access-control-request-method'];
  if (request.method !== 'OPTIONS' || wanted === undefined) return false;
  const isFromPublic = request.headers['access-control-request-private-network'] === 'true';
  response.writeHead(204, {
    'Access-Control-Allow-Methods': 'GET, POST, PATCH',
    'Access-Control-Allow-Headers': request.headers['access-control-request-headers'] ?? '',
    'Access-Control-Max-Age': '600',
    ...(isFromPublic ? { 'Access-Control-Allow-Private-Network': 'true' } : {}),
  });
  response.end();
  return true;
}

/**
 * Blocks web pages that were not allowed, and requests that were not addressed to this machine: a program is authorised by its
 * key, a page that is open by chance is not. Returns true if the request was answered, by a refusal or as a preflight, and is not
 * a call of the API.
 */
export function guardRequest(request: IncomingMessage, response: ServerResponse, guard: Guard): boolean {
  response.setHeader('Vary', 'Origin');
  // A foreign page may still use this URL in an <img> or a <script>, without a preflight: this header keeps the bytes from it.
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  const refusal = refusalOf(request, guard);
  if (refusal !== undefined) {
    refuse(request, response, refusal);
    return true;
  }
  const { origin } = request.headers;
  return origin !== undefined && allowPage(request, response, origin);
}
