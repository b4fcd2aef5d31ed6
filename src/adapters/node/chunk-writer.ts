import type { FileHandle } from 'node:fs/promises';

/** What a chunk writer needs of a file. */
export type Writable = Pick<FileHandle, 'writev'>;

/** Writes chunks to a file in the order in which they come. */
export interface ChunkWriter {
  /** Takes a chunk, which must not change from then on. Resolves when there is room for the next; rejects once a write has failed. */
  write(chunk: Uint8Array): Promise<void>;
  /** Resolves when all of it is written. */
  flush(): Promise<void>;
}

/** So much goes out at once: a write of its own for each chunk of a socket costs more than the bytes. */
const BATCH_BYTES = 1024 * 1024;
/** On a slow line nothing waits longer than this, in ms, so that little is lost if the process dies. */
const LATEST_MS = 20;

/** What is left of chunks of which the first `bytes` are written: a write may take less than it is given. */
function unwritten(chunks: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes;
  return chunks.flatMap((chunk) => {
    const skipped = Math.min(skip, chunk.byteLength);
    skip -= skipped;
    return skipped === chunk.byteLength ? [] : [chunk.subarray(skipped)];
  });
}

async function writeAll(file: Writable, chunks: readonly Uint8Array[], position: number): Promise<void> {
  let at = position;
  for (let rest = [...chunks]; rest.length > 0; ) {
    const { bytesWritten } = await file.writev(rest, at);
    at += bytesWritten;
    rest = unwritten(rest, bytesWritten);
  }
}

/** Gathers chunks while the last ones are written, so that neither the network nor the disk waits for the other. */
export function createChunkWriter(file: Writable, position: number): ChunkWriter {
  let at = position;
  let gathered: Uint8Array[] = [];
  let bytes = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing: Promise<void> = Promise.resolve();

  /** One write at a time; after one that failed there is no other. */
  function send(): void {
    clearTimeout(timer);
    timer = undefined;
    if (bytes === 0) return;
    const [chunks, start] = [gathered, at];
    at += bytes;
    gathered = [];
    bytes = 0;
    writing = writing.then(() => writeAll(file, chunks, start));
    // Whoever writes or flushes next hears of it.
    writing.catch(() => undefined);
  }

  return {
    async write(chunk) {
      gathered.push(chunk);
      bytes += chunk.byteLength;
      if (bytes < BATCH_BYTES) {
        timer ??= setTimeout(send, LATEST_MS);
        return;
      }
      await writing;
      send();
    },
    async flush() {
      send();
      await writing;
    },
  };
}
