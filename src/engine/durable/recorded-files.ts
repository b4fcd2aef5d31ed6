import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { RecordedFile } from '../store/record/job-record.js';

/** How files are recognised; the default reads the disk. */
export interface FileRecorder {
  /** A handle that means the same file to a process that runs elsewhere. */
  absolute(handle: string): string;
  /** Without the hash. Rejects if the file cannot be inspected. */
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

/** The files as they are now, with hashes. An unreadable file is left out; its upload will report it. */
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

/** How thorough the check must be: `hash` reads the file, `glance` only if its time has changed. */
export type Thoroughness = 'hash' | 'glance';

/** A recorded file, checked again: as it is now (same content), or how it differs, in words. */
export type SecondLook = { readonly file: RecordedFile } | { readonly change: string };

/** Checks whether a file is still the one that was recorded. */
export async function lookAgain(
  recorder: FileRecorder,
  recorded: RecordedFile,
  thoroughness: Thoroughness,
): Promise<SecondLook> {
  const { path, sha256 } = recorded;
  try {
    const found = await recorder.look(path);
    if (found.bytes !== recorded.bytes) {
      return {
        change: `${path}: it had ${recorded.bytes} bytes when the job began, and has ${found.bytes} now`,
      };
    }
    const isTouched = found.mtimeMs !== recorded.mtimeMs;
    if (sha256 === undefined) {
      return isTouched ? { change: `${path}: it was written to since` } : { file: recorded };
    }
    if (!isTouched && thoroughness === 'glance') return { file: recorded };
    return (await recorder.hash(path)) === sha256
      ? { file: { ...found, sha256 } }
      : { change: `${path}: its content is not what it was when the job began` };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { change: `${path}: it cannot be read any more (${reason})` };
  }
}
