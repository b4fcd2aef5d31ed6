import { getDefaultHighWaterMark } from 'node:stream';
import type { Dispatcher } from 'undici';
import { DiskBody } from '../uploads/disk-body.js';

type Body = NonNullable<Dispatcher.DispatchOptions['body']> | null;

const isAsyncIterable = (data: unknown): data is AsyncIterable<Uint8Array> =>
  typeof data === 'object' && data !== null && Symbol.asyncIterator in data;

/**
 * The next chunk is asked for once a socket is drained, or at once where a chunk does not fill the socket's buffer. A short one is
 * copied: the memory that it lies in may be filled again while it still waits.
 */
async function* inTurn(body: DiskBody): AsyncGenerator<Uint8Array> {
  const enough = getDefaultHighWaterMark(false);
  for await (const chunk of body.inTurn()) yield chunk.length < enough ? Buffer.from(chunk) : chunk;
}

async function* watched(chunks: AsyncIterable<Uint8Array>, onSend: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onSend();
    yield chunk;
  }
}

export interface RequestBody {
  readonly body: Body;
  /** False where the head leaves only together with the first chunk. */
  readonly isAtOnce: boolean;
}

/** The data of an axios request as undici takes it; `onSend` is called before the first byte of a stream leaves. */
export function requestBody(data: unknown, onSend: () => void): RequestBody {
  if (data === undefined || data === null) return { body: null, isAtOnce: true };
  if (data instanceof DiskBody || isAsyncIterable(data)) {
    const chunks = data instanceof DiskBody ? inTurn(data) : data;
    // Boundary: undici's types know streams only; its dispatcher takes any iterable of bytes.
    const body = watched(chunks, onSend) as unknown as Body;
    return { body, isAtOnce: false };
  }
  if (data instanceof ArrayBuffer) return { body: new Uint8Array(data), isAtOnce: true };
  // The rest is undici's to judge: text, bytes, a Blob, a FormData.
  return { body: data as Body, isAtOnce: true };
}
