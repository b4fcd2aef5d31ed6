import type { BlobFiles } from '../browser/index.js';

/** What a file holds. Text is UTF-8. */
export type FileContent = string | Uint8Array | Blob;

// Boundary: the bytes are copied, and so are no longer shared memory.
const partOf = (content: FileContent): BlobPart =>
  content instanceof Uint8Array ? (content.slice() as Uint8Array<ArrayBuffer>) : content;

/**
 * Files without a disk, by the names that a job's input gives them: for `runBrowserJob`, `createBrowserPorts` and
 * `emulator.memoryPorts`.
 */
export function memoryFiles(contents: Readonly<Record<string, FileContent>>): BlobFiles {
  return Object.fromEntries(
    Object.entries(contents).map(([name, content]) => [name, new Blob([partOf(content)])]),
  );
}
