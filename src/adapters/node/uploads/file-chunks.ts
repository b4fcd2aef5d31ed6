import type { FileHandle } from 'node:fs/promises';

/** Small enough that a slow line shows progress, and is not taken for one that stands still. */
const LEAST_BYTES = 64 * 1024;
/** Large enough that a loopback keeps up with curl, small enough that several uploads cost little memory. */
const MOST_BYTES = 2 * 1024 * 1024;
const FAST_MS = 20;
const SLOW_MS = 500;

/** The size of the next chunk, by how long the last one took to go out. */
function nextSize(size: number, ms: number): number {
  if (ms < FAST_MS) return Math.min(size * 2, MOST_BYTES);
  return ms > SLOW_MS ? Math.max(size / 2, LEAST_BYTES) : size;
}

/** Where the next chunk is put. */
export type Allocate = (bytes: number) => Buffer;

/** For a reader that keeps the chunks. */
export const freshBuffers: Allocate = (bytes) => Buffer.allocUnsafeSlow(bytes);

/** For a reader that is done with a chunk when it asks for the next: two buffers in turn, so that a large file costs no more memory than a small one. */
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
 * The first `bytes` bytes of a file, or fewer where there are no more. The next chunk is read from the disk while the last one
 * goes out; a chunk is good until the next but one is asked for.
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
    // A reader that stops here does not learn of it.
    next.catch(() => undefined);
    const startedAt = performance.now();
    yield chunk;
    size = nextSize(size, performance.now() - startedAt);
  }
}
