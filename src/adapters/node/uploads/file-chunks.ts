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
 * a chunk is valid until the one after the next is requested. No generator, because each layer of them costs as much a chunk as
 * the rest of an upload's own work.
 */
export class FileChunks {
  readonly #handle: FileHandle;
  readonly #bytes: number;
  readonly #allocate: Allocate;
  #size = LEAST_BYTES;
  #given = 0;
  #givenAt: number | undefined;
  #next: Promise<Buffer> | undefined;

  constructor(handle: FileHandle, bytes: number, allocate: Allocate) {
    this.#handle = handle;
    this.#bytes = bytes;
    this.#allocate = allocate;
  }

  /** Undefined at the end. */
  async next(): Promise<Buffer | undefined> {
    const now = performance.now();
    if (this.#givenAt !== undefined) this.#size = nextSize(this.#size, now - this.#givenAt);
    if (this.#given >= this.#bytes) return undefined;
    const chunk = await (this.#next ?? this.#read());
    if (chunk.length === 0) return undefined;
    this.#given += chunk.length;
    this.#next = this.#read();
    // If the reader stops here, this read must not cause an unhandled rejection.
    this.#next.catch(() => undefined);
    this.#givenAt = performance.now();
    return chunk;
  }

  #read(): Promise<Buffer> {
    const room = this.#allocate(Math.min(this.#size, this.#bytes - this.#given));
    return readInto(this.#handle, room, this.#given);
  }
}
