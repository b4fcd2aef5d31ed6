import type { IncomingHttpHeaders } from 'node:http';

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

export type ReplyHeaders = Record<string, string | string[]>;

/** The headers of a reply by lower-case name. */
export function replyHeaders(headers: IncomingHttpHeaders): ReplyHeaders {
  const own = new Map<string, string | string[]>();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    if (typeof value === 'string' || name === 'set-cookie') own.set(name, value);
    else own.set(name, SINGLE.has(name) ? (value[0] ?? '') : value.join(', '));
  }
  return Object.fromEntries(own);
}
