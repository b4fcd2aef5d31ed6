import type { BlobFiles } from '../browser/index.js';

/** The content of a file. Text is UTF-8. */
export type FileContent = string | Uint8Array | Blob;

// Boundary: the bytes are copied, so they are not shared memory any more.
const partOf = (content: FileContent): BlobPart =>
  content instanceof Uint8Array ? (content.slice() as Uint8Array<ArrayBuffer>) : content;

/**
 * Files without a disk, by the names that the input of a job gives them: for `runBrowserJob`, `createBrowserPorts` and
 * `emulator.memoryPorts`.
 */
export function memoryFiles(contents: Readonly<Record<string, FileContent>>): BlobFiles {
  return Object.fromEntries(
    Object.entries(contents).map(([name, content]) => [name, new Blob([partOf(content)])]),
  );
}
