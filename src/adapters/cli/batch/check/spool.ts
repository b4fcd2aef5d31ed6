import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Position of an entry in a spool. */
export interface SpoolPlace {
  readonly offset: number;
  readonly bytes: number;
}

/** Stores entries that are too many for memory in an unnamed file, which disappears with the process. */
export interface Spool {
  append(entry: unknown): Promise<SpoolPlace>;
  /** Returns an appended entry, parsed from JSON. */
  read(place: SpoolPlace): Promise<unknown>;
  close(): Promise<void>;
}

const BUFFER_BYTES = 256 * 1024;

/** A part of the file that was read. */
interface Block {
  readonly offset: number;
  readonly bytes: Buffer;
}

const isWithin = (block: Block, offset: number, bytes: number): boolean =>
  offset >= block.offset && offset + bytes <= block.offset + block.bytes.length;

const parsed = (block: Block, offset: number, bytes: number): unknown =>
  JSON.parse(block.bytes.toString('utf8', offset - block.offset, offset - block.offset + bytes));

/** No other user can read it, and nothing remains of it, not even after SIGKILL. */
async function openNameless(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'goal-lane-batch-'));
  try {
    return await open(join(folder, 'lines'), 'wx+', 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Appends to a file, many entries at a time. */
function createAppender(handle: FileHandle) {
  let waiting: Buffer[] = [];
  /** Bytes that are written or on their way to the disk. */
  let written = 0;
  let size = 0;
  let last: Promise<void> = Promise.resolve();
  const writeAll = async (bytes: Buffer, at: number): Promise<void> => {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
      done += bytesWritten;
    }
  };
  const flush = (): Promise<void> => {
    const bytes = Buffer.concat(waiting);
    waiting = [];
    const at = written;
    written += bytes.length;
    last = last.then(() => writeAll(bytes, at));
    return last;
  };
  return {
    async append(bytes: Buffer): Promise<SpoolPlace> {
      const place = { offset: size, bytes: bytes.length };
      size += bytes.length;
      waiting.push(bytes);
      if (size - written > BUFFER_BYTES) await flush();
      return place;
    },
    /** Writes what comes before this offset. Returns how many bytes the file has. */
    async writtenTo(offset: number): Promise<number> {
      if (offset > written) await flush();
      const onDisk = written;
      await last;
      return onDisk;
    },
    /** Resolves when nothing is on its way to the disk, even if that failed. */
    settled: () => last.catch(() => undefined),
  };
}

export async function createSpool(): Promise<Spool> {
  const handle = await openNameless();
  const appender = createAppender(handle);
  let block: Block = { offset: 0, bytes: Buffer.alloc(0) };
  let endOfLast = -1;
  return {
    append: (entry) => appender.append(Buffer.from(JSON.stringify(entry))),
    async read({ offset, bytes }) {
      const onDisk = await appender.writtenTo(offset + bytes);
      // Entries that are read in order are read many at a time.
      const isNext = offset === endOfLast;
      endOfLast = offset + bytes;
      if (isWithin(block, offset, bytes)) return parsed(block, offset, bytes);
      const length = isNext ? Math.max(bytes, Math.min(BUFFER_BYTES, onDisk - offset)) : bytes;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
      const found = { offset, bytes: buffer.subarray(0, bytesRead) };
      if (isNext) block = found;
      return parsed(found, offset, bytes);
    },
    async close() {
      await appender.settled();
      await handle.close();
    },
  };
}
