import { type FileHandle, open } from 'node:fs/promises';
import { multipartEnvelope } from '../../../services/bytes/multipart.js';
import type { OpenFile, UploadableFile, UploadBody } from '../../../services/bytes/upload-body.js';
import { hashFile } from '../hash-file.js';
import { fileFailure, readingTrouble } from '../local-failure.js';
import { DiskBody } from './disk-body.js';
import { type Allocate, FileChunks } from './file-chunks.js';
import { type FileIdentity, identityOf } from './file-identity.js';

interface Reading {
  readonly handle: FileHandle;
  readonly file: UploadableFile;
  readonly onBytes: (sentBytes: number) => void;
}

const changed = (file: UploadableFile, what: string): Error =>
  fileFailure(
    [`${file.handle}: it has changed since it was checked (${what})`],
    'Start again with the file as it is now.',
  );

const shown = (ms: number): string => new Date(ms).toISOString();

/** How the metadata of a file differs from when it was checked, in words; its content may still be the same. */
function differenceOf(file: UploadableFile, now: FileIdentity): string | undefined {
  const { modifiedAt, changedAt, identity } = file;
  if (modifiedAt !== undefined && Math.trunc(modifiedAt) !== now.modifiedAt)
    return `last written ${shown(modifiedAt)} then, ${shown(now.modifiedAt)} now`;
  if (identity !== undefined && now.identity !== undefined && identity !== now.identity)
    return 'another file is in its place';
  if (changedAt !== undefined && changedAt !== now.changedAt)
    return `last changed ${shown(changedAt)} then, ${shown(now.changedAt)} now`;
  return undefined;
}

/** Checks that the file is still the one that was checked. A touched file with proven equal content is. */
async function checkUnchanged({ handle, file }: Reading, sha256: string | undefined): Promise<void> {
  const stats = await handle.stat({ bigint: true });
  if (Number(stats.size) !== file.bytes)
    throw changed(file, `${file.bytes} bytes then, ${stats.size} bytes now`);
  const difference = differenceOf(file, identityOf(stats));
  if (difference === undefined) return;
  if (sha256 === undefined) throw changed(file, difference);
  if ((await hashFile(file.handle)) !== sha256) throw changed(file, 'same size, other bytes');
}

type Envelope = ReturnType<typeof multipartEnvelope>;

/** The body. After the file was read, and before the end that makes the body valid, the file is checked again. */
async function* multipart(
  reading: Reading,
  { head, tail }: Envelope,
  allocate: Allocate,
  onThrough: () => void,
): AsyncGenerator<Uint8Array> {
  yield head;
  const { handle, file, onBytes } = reading;
  const before = await handle.stat({ bigint: true });
  const chunks = new FileChunks(handle, file.bytes, allocate);
  let sent = 0;
  for (let chunk = await chunks.next(); chunk !== undefined; chunk = await chunks.next()) {
    sent += chunk.length;
    yield chunk;
    onBytes(sent);
  }
  if (sent !== file.bytes) throw changed(file, `${file.bytes} bytes then, only ${sent} to be read`);
  const after = await handle.stat({ bigint: true });
  // If a program wrote bytes and restored the old time, the change time still reveals it.
  const isSame =
    after.size === before.size && after.mtimeNs === before.mtimeNs && after.ctimeNs === before.ctimeNs;
  if (!isSame) {
    throw changed(file, 'it was written to while it was sent');
  }
  // Called when the end is handed over, not when it is written: the reply may arrive before that is known.
  onThrough();
  yield tail;
}

async function openToRead(file: UploadableFile): Promise<FileHandle> {
  try {
    return await open(file.handle, 'r');
  } catch (error) {
    throw fileFailure([`${file.handle}: ${readingTrouble(error)}`], 'Put the file back and start again.');
  }
}

/**
 * A file on disk as an upload body ("Step 2: Upload a File"), streamed with constant memory. Rejects with kind `file` if the file
 * is gone or has changed: another size, or another time without a sha256 that proves it unchanged.
 */
export const openDiskFile: OpenFile = async (file, onBytes): Promise<UploadBody> => {
  const handle = await openToRead(file);
  try {
    await checkUnchanged({ handle, file, onBytes }, file.sha256);
  } catch (error) {
    await handle.close();
    throw error;
  }
  const form = multipartEnvelope(file.name);
  let isThrough = false;
  const onThrough = (): void => {
    isThrough = true;
  };
  const body = new DiskBody((allocate) => multipart({ handle, file, onBytes }, form, allocate, onThrough));
  const length = form.head.length + file.bytes + form.tail.length;
  return {
    data: body,
    headers: { 'Content-Type': form.contentType, 'Content-Length': String(length) },
    counted: 'body',
    isThrough: () => isThrough,
    async close() {
      // The stream may have failed with an error that the transport has already reported.
      body.on('error', () => undefined).destroy();
      await handle.close();
    },
  };
};
