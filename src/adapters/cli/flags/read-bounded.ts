import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

export interface ReadLimits {
  readonly bytes: number;
  /** Time limit for what is no file, a pipe or a device, in ms. */
  readonly ms: number;
}

/** The time or size limit was exceeded; the message is for people. */
export class ReadLimitError extends Error {}

const PAUSE_MS = 20;
const CHUNK_BYTES = 64 * 1024;

const isNotYet = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EAGAIN';

/** What can be read now: undefined if a pipe's writer is slow; no bytes at the end. */
async function readNow(handle: FileHandle): Promise<Buffer | undefined> {
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, null);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if (isNotYet(error)) return undefined;
    throw error;
  }
}

async function readAll(handle: FileHandle, { bytes, ms }: ReadLimits): Promise<Buffer> {
  const stats = await handle.stat();
  if (stats.isDirectory()) throw new ReadLimitError('it is a directory');
  const chunks: Buffer[] = [];
  // The end of a file is known to come: a machine that is busy, or was asleep, is no reason to refuse it.
  const until = stats.isFile() ? Number.POSITIVE_INFINITY : performance.now() + ms;
  let size = 0;
  for (;;) {
    const chunk = await readNow(handle);
    // A named pipe also reports its end before a writer has opened it.
    const isEnd = chunk?.length === 0 && !(stats.isFIFO() && size === 0);
    if (isEnd) return Buffer.concat(chunks);
    if (chunk !== undefined && chunk.length > 0) {
      size += chunk.length;
      chunks.push(chunk);
      if (size > bytes) throw new ReadLimitError(`it has more than ${bytes / 1e6} MB`);
    }
    if (performance.now() > until) throw new ReadLimitError(`it had not ended after ${ms / 1e3} s`);
    if (chunk === undefined || chunk.length === 0) await pause(PAUSE_MS);
  }
}

/**
 * Reads a file, a pipe or a device completely, within limits. Does not block: a named pipe without a writer would block a thread,
 * and with it the exit of the process.
 * @throws ReadLimitError; an error of the file system
 */
export async function readBounded(path: string, limits: ReadLimits): Promise<Buffer> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    return await readAll(handle, limits);
  } finally {
    await handle.close();
  }
}
