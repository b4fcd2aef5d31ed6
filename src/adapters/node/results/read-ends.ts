import type { FileHandle } from 'node:fs/promises';
import { HEAD_BYTES } from '../../../services/content/check-content.js';
import { type FileEnds, ZIP_TAIL_BYTES } from '../../../services/content/zip-shape.js';

async function readAt(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

/** The first and last bytes of a file, enough to recognise its format. */
export async function readEnds(handle: FileHandle, bytes: number): Promise<FileEnds> {
  const tailBytes = Math.min(bytes, ZIP_TAIL_BYTES);
  return {
    bytes,
    head: await readAt(handle, 0, Math.min(bytes, HEAD_BYTES)),
    tail: await readAt(handle, bytes - tailBytes, tailBytes),
  };
}
