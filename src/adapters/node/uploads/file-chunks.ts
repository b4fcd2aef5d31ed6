import type { FileHandle } from 'node:fs/promises';

/** Small enough that a slow line shows progress and is not mistaken for a stalled one. */
const LEAST_BYTES = 64 * 1024;
/** Large enough to keep up with curl on a loopback, small enough that several uploads use little memory. */
const MOST_BYTES = 2 * 1024 * 1024;
const FAST_MS = 20;
const SLOW_MS = 500;

/** The size of the next chunk, depending on how long the last one took to send. */
function nextSize(size: number, ms: number): number {
  if (ms < FAST_MS) return Math.min(size * 2, MOST_BYTES);
  return ms > SLOW_MS ? Math.max(size / 2, LEAST_BYTES) : size;
}

/** Allocates the buffer of the next chunk. */
export type Allocate = (bytes: number) => Buffer;

/** For a reader that keeps the chunks. */
export const freshBuffers: Allocate = (bytes) => Buffer.allocUnsafeSlow(bytes);

/**
 * For a reader that has consumed a chunk when it requests the next: two alternating buffers, so that a large file needs no more
 * memory than a small one.
 */
export function twoBuffers(): Allocate {
  const buffers = [Buffer.alloc(0), Buffer.alloc(0)];
  let turn = 0;
  return (bytes) => {
    turn = 1 - turn;
    const known = buffers[turn];
    if (known !== undefined && known.length >= bytes) return known.subarray(0, bytes);
    const larger = Buffer.allocUnsafeSlow(bytes);
    buffers[turn] = larger;
    return larger;
  };
}

async function readInto(handle: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
  return buffer.subarray(0, bytesRead);
}

/**
 * The first `bytes` bytes of a file, or fewer if it is shorter. The next chunk is read from the disk while the last one is sent;
 * a chunk is valid until the one after the next is requested.
 */
export async function* fileChunks(
  handle: FileHandle,
  bytes: number,
  allocate: Allocate,
): AsyncGenerator<Buffer> {
  let size = LEAST_BYTES;
  let given = 0;
  const read = (position: number): Promise<Buffer> =>
    readInto(handle, allocate(Math.min(size, bytes - position)), position);
  let next = read(0);
  while (given < bytes) {
    const chunk = await next;
    if (chunk.length === 0) return;
    given += chunk.length;
    next = read(given);
    // If the reader stops here, this read must not cause an unhandled rejection.
    next.catch(() => undefined);
    const startedAt = performance.now();
    yield chunk;
    size = nextSize(size, performance.now() - startedAt);
  }
}
