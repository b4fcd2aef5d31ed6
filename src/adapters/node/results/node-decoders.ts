import { pipeline, Readable } from 'node:stream';
import { createBrotliDecompress } from 'node:zlib';
import type { ByteDecoder } from '../../../services/goal-client.js';

/** A transport may use its buffer again before the stream has read it. */
async function* copied(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

const brotli: ByteDecoder = (chunks) => {
  const decoder = createBrotliDecompress();
  // Whichever side ends or breaks first, the other is destroyed; its reader learns of a break by reading.
  pipeline(Readable.from(copied(chunks), { objectMode: false }), decoder, () => undefined);
  return decoder;
};

/** Content codings that `DecompressionStream` does not have. */
export const nodeDecoders: Readonly<Record<string, ByteDecoder>> = { br: brotli };
