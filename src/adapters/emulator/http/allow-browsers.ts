import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Lets pages of any origin talk to the emulator, as a browser wants it to be said: the key, not a cookie, is what admits.
 * True when the request was a browser's question beforehand (a preflight) and has been answered: no call of the API.
 */
export function allowBrowsers(request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return false;
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Expose-Headers', '*');
  response.setHeader('Vary', 'Origin');
  const wanted = request.headers['access-control-request-method'];
  if (request.method !== 'OPTIONS' || wanted === undefined) return false;
  response.writeHead(204, {
    'Access-Control-Allow-Methods': 'GET, POST, PATCH',
    'Access-Control-Allow-Headers': request.headers['access-control-request-headers'] ?? '',
    'Access-Control-Max-Age': '600',
  });
  response.end();
  return true;
}
