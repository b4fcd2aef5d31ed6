import { getDefaultHighWaterMark } from 'node:stream';
import type { Dispatcher } from 'undici';
import { DiskBody } from '../uploads/disk-body.js';

type Body = NonNullable<Dispatcher.DispatchOptions['body']> | null;

const isAsyncIterable = (data: unknown): data is AsyncIterable<Uint8Array> =>
  typeof data === 'object' && data !== null && Symbol.asyncIterator in data;

/**
 * A socket requests the next chunk once it is drained, or at once if a chunk does not fill its buffer. A short chunk is copied,
 * because its memory may be reused while it still waits.
 */
async function* inTurn(body: DiskBody): AsyncGenerator<Uint8Array> {
  const enough = getDefaultHighWaterMark(false);
  for await (const chunk of body.inTurn()) yield chunk.length < enough ? Buffer.from(chunk) : chunk;
}

async function* watched(chunks: AsyncIterable<Uint8Array>, onSend: () => void): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    onSend();
    yield chunk;
  }
}

export interface RequestBody {
  readonly body: Body;
  /** False if the head is sent only together with the first chunk. */
  readonly isAtOnce: boolean;
}

/** The data of an axios request in the form of undici; `onSend` is called before the first byte of a stream is sent. */
export function requestBody(data: unknown, onSend: () => void): RequestBody {
  if (data === undefined || data === null) return { body: null, isAtOnce: true };
  if (data instanceof DiskBody || isAsyncIterable(data)) {
    const chunks = data instanceof DiskBody ? inTurn(data) : data;
    // Boundary: of all iterables of bytes, undici's types only name streams; its dispatcher accepts any.
    const body = watched(chunks, onSend) as Body;
    return { body, isAtOnce: false };
  }
  if (data instanceof ArrayBuffer) return { body: new Uint8Array(data), isAtOnce: true };
  // Boundary: undici validates the rest: text, bytes, a Blob, a FormData.
  return { body: data as Body, isAtOnce: true };
}
