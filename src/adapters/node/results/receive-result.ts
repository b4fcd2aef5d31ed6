import { isCode } from '../../../engine/store/error-code.js';
import { defined } from '../../../services/defined.js';
import { onDisk } from '../local-failure.js';
import { createChunkWriter } from './chunk-writer.js';
import type { Opened, Saving } from './open-download.js';

const PROGRESS_EVERY_MS = 100;

/** Bytes of the whole, where they are known. */
export const totalOf = ({ stream, part }: Opened): number | undefined =>
  stream.totalBytes ?? part.of.totalBytes;

function progressOf(saving: Saving, totalBytes: number | undefined) {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (receivedBytes: number, isLast = false): void => {
    const now = performance.now();
    if (!isLast && now - toldAt < PROGRESS_EVERY_MS) return;
    toldAt = now;
    saving.onProgress?.({ receivedBytes, ...defined({ totalBytes }) });
  };
}

/** What came is written whatever ends it: the next try goes on from there. */
async function writeChunks(saving: Saving, opened: Opened): Promise<number> {
  const { part, stream } = opened;
  const totalBytes = totalOf(opened);
  const tell = progressOf(saving, totalBytes);
  const { handle, hash, bytes: position } = part;
  const writer = createChunkWriter(handle, { position, hash, expectedBytes: totalBytes });
  let bytes = position;
  tell(bytes);
  try {
    for await (const chunk of stream.chunks) {
      const room = writer.write(chunk);
      if (room !== undefined) await onDisk(saving.dir, () => room);
      bytes += chunk.byteLength;
      tell(bytes);
    }
  } finally {
    await onDisk(saving.dir, () => writer.flush());
  }
  tell(bytes, true);
  return bytes;
}

/** Writes what comes behind what is there, to the disk itself; resolves with the bytes of all. */
export async function receive(saving: Saving, opened: Opened): Promise<number> {
  const bytes = await writeChunks(saving, opened);
  await onDisk(saving.dir, async () => {
    const { handle } = opened.part;
    await handle.truncate(bytes);
    await handle.sync().catch((error: unknown) => {
      // Some network shares cannot be asked to; nobody can do more there.
      if (!isCode(error, 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw error;
    });
  });
  return bytes;
}
