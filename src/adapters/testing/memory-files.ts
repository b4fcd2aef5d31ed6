import { resolve } from 'node:path';
import type { FileFacts, JobPorts } from '../../machines/ports.js';
import { valueShown } from '../../machines/question/slot-value.js';
import { refuseInput } from '../../services/refuse-input.js';
import type { BlobFiles } from '../browser/index.js';

/** The content of a file. Text is UTF-8. */
export type FileContent = string | Uint8Array | Blob;

// Boundary: the bytes are copied, so they are not shared memory any more.
const partOf = (content: FileContent): BlobPart =>
  content instanceof Uint8Array ? (content.slice() as Uint8Array<ArrayBuffer>) : content;

const isContent = (value: unknown): boolean =>
  typeof value === 'string' || value instanceof Uint8Array || value instanceof Blob;

/** A Blob of anything else would be its name: `[object Object]`. */
function checkContents(contents: unknown): void {
  const isMap = typeof contents === 'object' && contents !== null && !Array.isArray(contents);
  const findings = isMap
    ? Object.entries(contents).flatMap(([name, content]) =>
        isContent(content)
          ? []
          : [`the content of ${JSON.stringify(name.slice(0, 200))} is ${valueShown(content)}`],
      )
    : [`files is ${valueShown(contents)}`];
  if (findings.length > 0) refuseInput(findings, 'Pass files as an object: name → text, Uint8Array or Blob.');
}

/**
 * Files without a disk, by the names that the input of a job gives them: for `runBrowserJob`, `createBrowserPorts` and
 * `emulator.memoryPorts`.
 * @throws InvalidInputError for anything else
 */
export function memoryFiles(contents: Readonly<Record<string, FileContent>>): BlobFiles {
  checkContents(contents);
  return Object.fromEntries(
    Object.entries(contents).map(([name, content]) => [name, new Blob([partOf(content)])]),
  );
}

type FilePorts = Pick<JobPorts, 'inspectFiles' | 'uploadFile'>;

/**
 * Finds files by their absolute paths, too: a store makes the names in the input of a job absolute. Everything else, such as the
 * name that the server learns, stays as without a store.
 */
export function alsoByPath(names: readonly string[], { inspectFiles, uploadFile }: FilePorts): FilePorts {
  const byPath = new Map(names.map((name) => [resolve(name), name]));
  const nameOf = (handle: string): string =>
    names.includes(handle) ? handle : (byPath.get(handle) ?? handle);
  return {
    async inspectFiles({ handles, ...input }, options) {
      const facts = await inspectFiles({ ...input, handles: handles.map(nameOf) }, options);
      const asked = new Map(handles.map((handle) => [nameOf(handle), handle]));
      const renamed = (file: FileFacts, index: number): FileFacts => ({
        ...file,
        handle: handles[index] ?? file.handle,
        ...(file.identity === undefined ? {} : { identity: asked.get(file.identity) ?? file.identity }),
      });
      return facts.map(renamed);
    },
    uploadFile: ({ file, ...input }, options) =>
      uploadFile({ ...input, file: { ...file, handle: nameOf(file.handle) } }, options),
  };
}
