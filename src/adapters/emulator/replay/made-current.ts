import type { TracedReply } from './traced-reply.js';

/** Headers of the original connection, or of a body that is sent differently now. */
const OF_THEN = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'content-encoding',
  'content-range',
  'date',
  'etag',
  'set-cookie',
]);

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/** Shifts a time by `byMs`. The unit of a number follows from its size, as in the client. */
function movedTime(value: string, byMs: number): string {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1e9) {
    if (number >= 1e17) return String(number + byMs * 1e6);
    if (number >= 1e14) return String(number + byMs * 1e3);
    return number >= 1e11 ? String(number + byMs) : String(number + Math.ceil(byMs / 1e3));
  }
  if (/^\d/.test(value) && !INSTANT.test(value)) return value;
  const at = Date.parse(value);
  if (Number.isNaN(at)) return value;
  const moved = new Date(at + byMs);
  return INSTANT.test(value) ? moved.toISOString() : moved.toUTCString();
}

export interface Current {
  /** How long ago the traced reply was sent, in ms. */
  readonly byMs: number;
  /** The URL that replaces a storage URL, because the trace does not contain one. */
  readonly resultUrl: (fileName: string) => string;
}

const fileNameOf = (url: URL): string =>
  url.pathname
    .split('/')
    .filter((part) => part !== '')
    .at(-1) ?? 'result';

function currentValue(value: unknown, current: Current): unknown {
  if (Array.isArray(value)) return value.map((entry) => currentValue(entry, current));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [name, currentValue(entry, current)]),
    );
  if (typeof value !== 'string') return value;
  if (INSTANT.test(value)) return movedTime(value, current.byMs);
  if (/^https?:\/\//.test(value) && URL.canParse(value)) return current.resultUrl(fileNameOf(new URL(value)));
  return value;
}

/** A traced reply as the server would send it now: its times are shifted, and its URLs point to the replaying server. */
export function madeCurrent({ status, headers, text = '' }: TracedReply, current: Current) {
  const kept = Object.entries(headers).filter(([name]) => !OF_THEN.has(name));
  const moved = kept.map(([name, value]) => [
    name,
    /reset|retry-after|expires/.test(name) ? movedTime(value, current.byMs) : value,
  ]);
  let body = text;
  try {
    body = JSON.stringify(currentValue(JSON.parse(text), current));
  } catch {
    // Not JSON: sent unchanged.
  }
  return { status, headers: Object.fromEntries(moved), body };
}
