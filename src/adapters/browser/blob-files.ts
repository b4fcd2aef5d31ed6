import type { FileFacts, JobPorts } from '../../machines/ports.js';
import { blobUploadBody } from '../../services/bytes/upload-body.js';
import { errorFromFailure } from '../../services/errors/error-from-failure.js';
import type { GoalClient } from '../../services/goal-client.js';

/** The files of a host without a disk, by the names in the job's input. A `File` has its own name and time. */
export type BlobFiles = Readonly<Record<string, Blob>>;

const missing = (findings: readonly string[]): Error =>
  errorFromFailure({
    kind: 'file',
    message: findings.join('; '),
    advice: 'Register each file under the name that the input gives it; nothing was sent.',
    delivery: 'not-sent',
    findings,
  });

const lookUp = (files: BlobFiles, handle: string): Blob | undefined =>
  Object.hasOwn(files, handle) ? files[handle] : undefined;

/** By what is used of it: a Blob of another realm is none of this one's class. */
const isBlobLike = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Number.isFinite(Reflect.get(value, 'size')) &&
  typeof Reflect.get(value, 'arrayBuffer') === 'function';

function factsOf(handle: string, blob: Blob): FileFacts {
  const isFile = typeof File !== 'undefined' && blob instanceof File;
  const facts = { handle, name: isFile ? blob.name : handle, bytes: blob.size };
  return isFile ? { ...facts, modifiedAt: blob.lastModified } : facts;
}

/** The file ports for registered Blobs; an unregistered name rejects with kind `file`. */
export function blobFilePorts(
  client: Pick<GoalClient, 'uploadFile'>,
  files: BlobFiles,
): Pick<JobPorts, 'inspectFiles' | 'uploadFile'> {
  return {
    async inspectFiles({ handles }) {
      const findings = handles.flatMap((handle) => {
        const found: unknown = lookUp(files, handle);
        if (found === undefined) return [`${handle}: no file of that name is registered`];
        return isBlobLike(found) ? [] : [`${handle}: what is registered under this name is not a Blob`];
      });
      if (findings.length > 0) throw missing(findings);
      const firstNames = new Map<Blob, string>();
      return handles.flatMap((handle) => {
        const blob = lookUp(files, handle);
        if (blob === undefined) return [];
        const first = firstNames.get(blob) ?? handle;
        firstNames.set(blob, first);
        // A second name of a Blob gets the identity of the first.
        return [first === handle ? factsOf(handle, blob) : { ...factsOf(handle, blob), identity: first }];
      });
    },
    async uploadFile({ file }, options) {
      const blob = lookUp(files, file.handle);
      if (blob === undefined) throw missing([`${file.handle}: no file of that name is registered any more`]);
      const now = factsOf(file.handle, blob);
      if (now.bytes !== file.bytes || now.modifiedAt !== file.modifiedAt) {
        throw missing([`${file.handle}: it has changed since it was checked`]);
      }
      return client.uploadFile({ file, open: async () => blobUploadBody(blob, file.name) }, options);
    },
  };
}
