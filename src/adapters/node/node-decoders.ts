import { pipeline, Readable } from 'node:stream';
import zlib from 'node:zlib';
import type { ByteDecoder } from '../../services/goal-client.js';

const through =
  (create: () => NodeJS.ReadWriteStream): ByteDecoder =>
  (chunks) =>
    // Whichever side ends or breaks first, the other is let go of; its reader hears of a break by reading.
    pipeline(Readable.from(chunks, { objectMode: false }), create(), () => undefined) as unknown as Readable;

/** Content codings that `DecompressionStream` does not have. */
export const nodeDecoders: Readonly<Record<string, ByteDecoder>> = {
  br: through(() => zlib.createBrotliDecompress()),
};
