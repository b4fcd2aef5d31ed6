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

/** No other user can read it, and nothing remains of it, not even after SIGKILL. */
async function openNameless(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'goal-lane-batch-'));
  try {
    return await open(join(folder, 'lines'), 'wx+', 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function createSpool(): Promise<Spool> {
  const handle = await openNameless();
  let written = 0;
  let waiting: Buffer[] = [];
  let size = 0;
  let last: Promise<void> = Promise.resolve();
  const flush = (): Promise<void> => {
    const bytes = Buffer.concat(waiting);
    waiting = [];
    const at = written;
    written += bytes.length;
    last = last.then(async () => {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
        done += bytesWritten;
      }
    });
    return last;
  };
  return {
    async append(entry) {
      const bytes = Buffer.from(JSON.stringify(entry));
      const place = { offset: size, bytes: bytes.length };
      size += bytes.length;
      waiting.push(bytes);
      if (size - written > BUFFER_BYTES) await flush();
      return place;
    },
    async read({ offset, bytes }) {
      if (offset + bytes > written) await flush();
      await last;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, offset);
      return JSON.parse(buffer.toString('utf8', 0, bytesRead));
    },
    async close() {
      await last.catch(() => undefined);
      await handle.close();
    },
  };
}
