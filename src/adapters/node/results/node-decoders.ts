import { pipeline, Readable } from 'node:stream';
import { createBrotliDecompress } from 'node:zlib';
import type { ByteDecoder } from '../../../services/goal-client.js';

/** A transport may reuse its buffer before the stream has read it. */
async function* copied(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

const brotli: ByteDecoder = (chunks) => {
  const decoder = createBrotliDecompress();
  // If either side ends or fails first, the other is destroyed; a reader gets the error when it reads.
  pipeline(Readable.from(copied(chunks), { objectMode: false }), decoder, () => undefined);
  return decoder;
};

/** Content codings that `DecompressionStream` does not support. */
export const nodeDecoders: Readonly<Record<string, ByteDecoder>> = { br: brotli };
