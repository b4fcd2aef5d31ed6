import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { ResultSlice } from '../model/messages.js';
import { pseudoRandomBytes } from '../model/random-bytes.js';
import { type PartSlice, slicesOf } from '../model/result-content.js';

const CHUNK_BYTES = 256 * 1024;

function bytesOf({ part, start, end }: PartSlice): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  switch (part.kind) {
    case 'bytes':
      return [part.bytes.subarray(start, end)];
    case 'random':
      return pseudoRandomBytes(start, end);
    case 'disk':
      return createReadStream(part.path, { start, end: end - 1, highWaterMark: CHUNK_BYTES });
  }
}

async function* chunksOf(slice: ResultSlice): AsyncGenerator<Uint8Array> {
  for (const part of slicesOf(slice.content, slice.start, slice.end)) yield* bytesOf(part);
}

/** The bytes of a slice, generated or read on demand. */
export const resultStream = (slice: ResultSlice): Readable =>
  Readable.from(chunksOf(slice), { objectMode: false, highWaterMark: CHUNK_BYTES });
