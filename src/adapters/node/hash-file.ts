import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

const CHUNK_BYTES = 256 * 1024;

/** Feeds a file's bytes to a hash; returns their number. */
export async function feedHash(hash: Hash, path: string, signal?: AbortSignal): Promise<number> {
  let bytes = 0;
  const options = { highWaterMark: CHUNK_BYTES, ...(signal ? { signal } : {}) };
  for await (const chunk of createReadStream(path, options)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return bytes;
}

/** Hex sha256 of a file, read with constant memory. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await feedHash(hash, path, signal);
  return hash.digest('hex');
}
