import type { FileHandle } from 'node:fs/promises';

/** The part of a file handle that a chunk writer needs. */
export type Writable = Pick<FileHandle, 'write'>;

/** Writes chunks to a file in order of arrival. */
export interface ChunkWriter {
  /**
   * Adds a chunk, which may change afterwards. Undefined: there is room for the next; otherwise resolves when there is, or
   * rejects after a failed write.
   */
  write(chunk: Uint8Array): Promise<void> | undefined;
  /** Resolves when everything is written. */
  flush(): Promise<void>;
}

export interface ChunkWriterOptions {
  /** Position in the file for the first chunk. */
  readonly position: number;
  /** Receives all bytes, in order, at the latest while they are written. */
  readonly hash?: { update(bytes: Uint8Array): unknown };
  /** The expected size, if known: a small result needs no large buffer. */
  readonly expectedBytes?: number | undefined;
}

/**
 * Bytes to collect before hashing and writing, in one of two reused buffers: the chunks of a socket are in memory that is not in
 * the processor's cache, so hashing and writing directly from them costs twice as much.
 */
const BATCH_BYTES = 512 * 1024;
const LEAST_BYTES = 16 * 1024;
const LARGE_BYTES = 256 * 1024;
/** The longest delay of a write on a slow line, in ms, so that little is lost if the process dies. */
const LATEST_MS = 20;

async function writeAll(file: Writable, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.byteLength - done, position + done);
    // Otherwise a disk that accepts nothing without an error would be retried forever.
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
  /** The other buffer; allocated when first needed. */
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
      // One write at a time: afterwards the other buffer is free.
      await this.#writing;
      this.#send();
    }
  }

  /** A large chunk is written directly: copying it would cost as much as writing it. */
  async #writeThrough(chunk: Uint8Array): Promise<void> {
    await this.flush();
    const position = this.#position;
    this.#position += chunk.byteLength;
    this.#writing = writeAll(this.#file, chunk, position);
    // Hashed while another thread writes it.
    this.#hash?.update(chunk);
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
    // The next write or flush reports a failure; no other write follows a failed one.
    this.#writing.then(
      () => {
        this.#isWriting = false;
      },
      () => undefined,
    );
  }
}

/** Collects chunks while the previous ones are written, so that network and disk do not wait for each other. */
export const createChunkWriter = (file: Writable, options: ChunkWriterOptions): ChunkWriter =>
  new BatchWriter(file, options);
