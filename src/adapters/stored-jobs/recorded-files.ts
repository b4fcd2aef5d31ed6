import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { RecordedFile } from '../store/job-record.js';

/** How files are known again; the default looks on the disk. */
export interface FileRecorder {
  /** A handle that means the same file in a process that runs elsewhere. */
  absolute(handle: string): string;
  /** Without the hash. Rejects where the file cannot be seen. */
  look(path: string): Promise<RecordedFile>;
  /** SHA-256, hex. */
  hash(path: string): Promise<string>;
}

/** Files on this machine's disks. */
export const diskFiles: FileRecorder = {
  absolute: (handle) => resolve(handle),
  async look(path) {
    const { size, mtimeMs } = await stat(path);
    return { path, bytes: size, mtimeMs };
  },
  async hash(path) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
  },
};

/** Files as they are now, with their hashes. One that cannot be read is left out: whoever uploads it will say so. */
export async function recordFiles(
  recorder: FileRecorder,
  paths: readonly string[],
): Promise<readonly RecordedFile[]> {
  const files: RecordedFile[] = [];
  for (const path of new Set(paths)) {
    try {
      const file = await recorder.look(path);
      files.push({ ...file, sha256: await recorder.hash(path) });
    } catch {
      // Left out.
    }
  }
  return files;
}

/** How sure one must be: `hash` reads the file, `glance` only where its time has changed. */
export type Thoroughness = 'hash' | 'glance';

/** How a file differs from what was recorded, in words; undefined where it is the same file. */
export async function changeOf(
  recorder: FileRecorder,
  recorded: RecordedFile,
  thoroughness: Thoroughness,
): Promise<string | undefined> {
  const { path } = recorded;
  try {
    const found = await recorder.look(path);
    if (found.bytes !== recorded.bytes) {
      return `${path}: it had ${recorded.bytes} bytes when the job began, and has ${found.bytes} now`;
    }
    const isTouched = found.mtimeMs !== recorded.mtimeMs;
    if (recorded.sha256 === undefined) return isTouched ? `${path}: it was written to since` : undefined;
    if (!isTouched && thoroughness === 'glance') return undefined;
    return (await recorder.hash(path)) === recorded.sha256
      ? undefined
      : `${path}: its content is not what it was when the job began`;
  } catch (error) {
    return `${path}: it cannot be read any more (${error instanceof Error ? error.message : String(error)})`;
  }
}
