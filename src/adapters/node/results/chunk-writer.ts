import type { FileHandle } from 'node:fs/promises';

/** What a chunk writer needs of a file. */
export type Writable = Pick<FileHandle, 'write'>;

/** Writes chunks to a file in the order in which they come. */
export interface ChunkWriter {
  /** Takes a chunk. Undefined: there is room for the next; else it resolves when there is, or rejects once a write has failed. From then on the chunk may change. */
  write(chunk: Uint8Array): Promise<void> | undefined;
  /** Resolves when all of it is written. */
  flush(): Promise<void>;
}

export interface ChunkWriterOptions {
  /** Where in the file the first chunk goes. */
  readonly position: number;
  /** Told of all bytes, in order, before they are written. */
  readonly hash?: { update(bytes: Uint8Array): unknown };
  /** Where it is known how many bytes will come: a small result needs no large buffer. */
  readonly expectedBytes?: number | undefined;
}

/**
 * So much is gathered before it is hashed and written, in one of two buffers that are used again and again: the memory of a chunk
 * of a socket is new to the processor each time, and hashing and writing from it costs twice as much.
 */
const BATCH_BYTES = 512 * 1024;
const LEAST_BYTES = 16 * 1024;
const LARGE_BYTES = 256 * 1024;
/** On a slow line nothing waits longer than this, in ms, so that little is lost if the process dies. */
const LATEST_MS = 20;

async function writeAll(file: Writable, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.byteLength - done, position + done);
    // A disk that takes nothing and refuses nothing would be written to for ever.
    if (bytesWritten === 0) throw new Error('the disk took none of the bytes');
    done += bytesWritten;
  }
}

class BatchWriter implements ChunkWriter {
  readonly #file: Writable;
  readonly #hash: ChunkWriterOptions['hash'];
  readonly #size: number;
  #position: number;
  #gathering: Buffer;
  /** The other buffer; made when it is first needed. */
  #resting: Buffer | undefined;
  #filled = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isWriting = false;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: Writable, { position, hash, expectedBytes = BATCH_BYTES }: ChunkWriterOptions) {
    this.#file = file;
    this.#hash = hash;
    this.#size = Math.min(BATCH_BYTES, Math.max(LEAST_BYTES, expectedBytes));
    this.#position = position;
    this.#gathering = Buffer.allocUnsafe(this.#size);
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    if (chunk.byteLength >= LARGE_BYTES) return this.#writeThrough(chunk);
    if (chunk.byteLength < this.#size - this.#filled) {
      this.#gather(chunk);
      this.#timer ??= setTimeout(() => this.#hurry(), LATEST_MS);
      return undefined;
    }
    return this.#writeLong(chunk);
  }

  async flush(): Promise<void> {
    await this.#writing;
    this.#send();
    await this.#writing;
  }

  #gather(bytes: Uint8Array): void {
    this.#gathering.set(bytes, this.#filled);
    this.#filled += bytes.byteLength;
  }

  async #writeLong(chunk: Uint8Array): Promise<void> {
    for (let done = 0; done < chunk.byteLength; ) {
      const part = chunk.subarray(done, done + this.#size - this.#filled);
      this.#gather(part);
      done += part.byteLength;
      if (this.#filled < this.#size) return;
      // One write at a time: then the other buffer is free.
      await this.#writing;
      this.#send();
    }
  }

  /** A large chunk is worth a write of its own: to copy it would cost as much as to write it. */
  async #writeThrough(chunk: Uint8Array): Promise<void> {
    await this.flush();
    const position = this.#position;
    this.#hash?.update(chunk);
    this.#position += chunk.byteLength;
    this.#writing = writeAll(this.#file, chunk, position);
    await this.#writing;
  }

  #hurry(): void {
    this.#timer = undefined;
    if (this.#isWriting) this.#timer = setTimeout(() => this.#hurry(), LATEST_MS);
    else this.#send();
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#filled === 0) return;
    const bytes = this.#gathering.subarray(0, this.#filled);
    const position = this.#position;
    this.#hash?.update(bytes);
    [this.#gathering, this.#resting] = [this.#resting ?? Buffer.allocUnsafe(this.#size), this.#gathering];
    this.#position += this.#filled;
    this.#filled = 0;
    this.#isWriting = true;
    this.#writing = this.#writing.then(() => writeAll(this.#file, bytes, position));
    // The next write or flush reports a failure; after one there is no other write.
    this.#writing.then(
      () => {
        this.#isWriting = false;
      },
      () => undefined,
    );
  }
}

/** Gathers chunks while the last ones are written, so that neither the network nor the disk waits for the other. */
export const createChunkWriter = (file: Writable, options: ChunkWriterOptions): ChunkWriter =>
  new BatchWriter(file, options);
