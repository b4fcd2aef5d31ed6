import type { InternalAxiosRequestConfig } from 'axios';
import { byteChunks } from '../bytes/byte-chunks.js';

const isStreamed = (data: unknown): boolean =>
  typeof data === 'object' &&
  data !== null &&
  Symbol.asyncIterator in data &&
  !(typeof ReadableStream !== 'undefined' && data instanceof ReadableStream);

/** Bytes that come one after another, as every `fetch` takes them: not every one takes a stream of Node. */
function webStream(data: unknown): ReadableStream<Uint8Array> {
  const source = byteChunks(data);
  const chunks = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: () => source.cancel(),
  });
}

/** Not in every runtime: what is not known there is refused with an error. */
const isKnown = (option: string): boolean => typeof Request === 'function' && option in Request.prototype;

function bodyOf(data: unknown): RequestInit & { readonly duplex?: 'half' } {
  if (data === undefined || data === null) return {};
  const isStream = isStreamed(data);
  const body = isStream ? webStream(data) : data;
  // Boundary: bodies are text, Blobs and streams, each of which fetch takes.
  const init = { body: body as NonNullable<RequestInit['body']> };
  return isStream || body instanceof ReadableStream ? { ...init, duplex: 'half' } : init;
}

/** How a request is sent by fetch: nothing of the page's goes with it, nothing is kept of it, and no redirect is followed. */
export function requestInit(
  config: InternalAxiosRequestConfig,
  signal: AbortSignal | undefined,
): RequestInit {
  return {
    method: (config.method ?? 'GET').toUpperCase(),
    headers: Object.fromEntries([...config.headers].map(([name, value]) => [name, String(value)])),
    // The key must not follow to wherever it leads.
    redirect: 'manual',
    ...(isKnown('credentials') ? { credentials: 'omit' } : {}),
    ...(isKnown('cache') ? { cache: 'no-store' } : {}),
    ...(isKnown('referrerPolicy') ? { referrerPolicy: 'no-referrer' } : {}),
    ...(signal === undefined ? {} : { signal }),
    ...bodyOf(config.data),
  };
}
