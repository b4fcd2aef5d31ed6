/** Incoming bytes from any transport: a Node stream, a web stream, a buffer, text, nothing. */
export interface ByteChunks extends AsyncIterable<Uint8Array> {
  /** Releases the source. */
  cancel(): void;
}

const hasMethod = <Name extends string>(
  value: unknown,
  name: Name,
): value is Record<Name, (...args: unknown[]) => unknown> =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function';

const isReadableStream = (value: unknown): value is ReadableStream<Uint8Array> =>
  hasMethod(value, 'getReader');

const isAsyncIterable = (value: unknown): value is AsyncIterable<Uint8Array> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** Not every browser can iterate a web stream yet, and a stream that is being read can only be cancelled through its reader. */
function streamChunks(stream: ReadableStream<Uint8Array>): ByteChunks {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  async function* read(): AsyncGenerator<Uint8Array> {
    reader = stream.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  }
  return {
    [Symbol.asyncIterator]: read,
    cancel: () => void (reader ?? stream).cancel().catch(() => undefined),
  };
}

async function* once(data: unknown): AsyncGenerator<Uint8Array> {
  if (data instanceof Uint8Array) yield data;
  else if (data instanceof ArrayBuffer) yield new Uint8Array(data);
  else if (typeof data === 'string') yield new TextEncoder().encode(data);
}

export function byteChunks(data: unknown): ByteChunks {
  if (isReadableStream(data)) return streamChunks(data);
  if (isAsyncIterable(data)) {
    return {
      [Symbol.asyncIterator]: () => data[Symbol.asyncIterator](),
      cancel() {
        if (hasMethod(data, 'destroy')) data.destroy();
      },
    };
  }
  return { [Symbol.asyncIterator]: () => once(data), cancel: () => undefined };
}
