import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import type { ByteDecoder } from '../../../src/services/goal-client.js';

/** Those of the platform work in a thread of their own: virtual time, which does not wait for them, would be over before they are. */
const inThisTurn = (undo: (bytes: Uint8Array) => Buffer): ByteDecoder =>
  async function* decode(chunks) {
    const held: Uint8Array[] = [];
    for await (const chunk of chunks) held.push(chunk.slice());
    yield undo(Buffer.concat(held));
  };

const inflateEither = (bytes: Uint8Array): Buffer => {
  try {
    return inflateSync(bytes);
  } catch {
    return inflateRawSync(bytes);
  }
};

/** The content codings that the faults draw, undone without a thread and without a disk. */
export const turnDecoders: Readonly<Record<string, ByteDecoder>> = {
  gzip: inThisTurn(gunzipSync),
  deflate: inThisTurn(inflateEither),
  br: inThisTurn(brotliDecompressSync),
};
