import { isCode } from '../../../engine/store/error-code.js';
import { defined } from '../../../services/defined.js';
import { onDisk } from '../local-failure.js';
import { createChunkWriter } from './chunk-writer.js';
import type { Opened, Saving } from './open-download.js';

const PROGRESS_EVERY_MS = 100;

/** Size of the whole result, if known. */
export const totalOf = ({ stream, part }: Opened): number | undefined =>
  stream.totalBytes ?? part.of.totalBytes;

function progressOf(saving: Saving, totalBytes: number | undefined) {
  let reportedAt = Number.NEGATIVE_INFINITY;
  return (receivedBytes: number, isLast = false): void => {
    const now = performance.now();
    if (!isLast && now - reportedAt < PROGRESS_EVERY_MS) return;
    reportedAt = now;
    saving.onProgress?.({ receivedBytes, ...defined({ totalBytes }) });
  };
}

/** Received bytes are written even after an error, so that the next attempt can continue. */
async function writeChunks(saving: Saving, opened: Opened): Promise<number> {
  const { part, stream } = opened;
  const totalBytes = totalOf(opened);
  const report = progressOf(saving, totalBytes);
  const { handle, hash, bytes: position } = part;
  const writer = createChunkWriter(handle, { position, hash, expectedBytes: totalBytes });
  let bytes = position;
  report(bytes);
  try {
    for await (const chunk of stream.chunks) {
      const room = writer.write(chunk);
      if (room !== undefined) await onDisk(saving.dir, () => room);
      bytes += chunk.byteLength;
      report(bytes);
    }
  } finally {
    await onDisk(saving.dir, () => writer.flush());
  }
  report(bytes, true);
  return bytes;
}

/** Appends the received bytes and syncs the file; resolves with the total size. */
export async function receive(saving: Saving, opened: Opened): Promise<number> {
  const bytes = await writeChunks(saving, opened);
  await onDisk(saving.dir, async () => {
    const { handle } = opened.part;
    await handle.truncate(bytes);
    await handle.sync().catch((error: unknown) => {
      // Some network shares do not support it, and there is no alternative.
      if (!isCode(error, 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw error;
    });
  });
  return bytes;
}
