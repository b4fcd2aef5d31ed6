import type { IncomingHttpHeaders } from 'node:http';
import { AxiosHeaders } from 'axios';

/** Headers of which only the first value counts, as in Node's own client; others are joined. */
const SINGLE: ReadonlySet<string> = new Set([
  'age',
  'content-length',
  'content-type',
  'etag',
  'expires',
  'last-modified',
  'location',
  'retry-after',
  'server',
]);

/** The headers of a reply in the form of axios. */
export function replyHeaders(headers: IncomingHttpHeaders): AxiosHeaders {
  const own = new AxiosHeaders();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') own.set(name, value);
    else if (name === 'set-cookie') own.set(name, value);
    else own.set(name, SINGLE.has(name) ? value?.[0] : value?.join(', '));
  }
  return own;
}
