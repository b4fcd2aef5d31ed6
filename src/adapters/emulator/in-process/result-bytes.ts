import { readFileSync } from 'node:fs';
import type { ModelReply } from '../model/messages.js';
import { pseudoRandomBytes } from '../model/random-bytes.js';
import { type PartSlice, slicesOf } from '../model/result-content.js';

function bytesOf({ part, start, end }: PartSlice): Iterable<Uint8Array> {
  switch (part.kind) {
    case 'bytes':
      return [part.bytes.subarray(start, end)];
    case 'random':
      return pseudoRandomBytes(start, end);
    case 'disk':
      return [readFileSync(part.path).subarray(start, end)];
  }
}

/** The body of a reply as chunks, generated on demand. */
export function* bodyChunks({ slice, text }: ModelReply): Generator<Uint8Array> {
  if (slice === undefined) yield Buffer.from(text);
  else for (const part of slicesOf(slice.content, slice.start, slice.end)) yield* bytesOf(part);
}

export const bodyLength = ({ slice, text }: ModelReply): number =>
  slice === undefined ? Buffer.byteLength(text) : slice.end - slice.start;

/** At most the first `bytes` bytes. */
export function* firstBytes(chunks: Iterable<Uint8Array>, bytes: number): Generator<Uint8Array> {
  let left = bytes;
  for (const chunk of chunks) {
    if (left <= 0) return;
    yield chunk.subarray(0, left);
    left -= chunk.byteLength;
  }
}
