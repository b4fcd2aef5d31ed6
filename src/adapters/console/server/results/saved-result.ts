import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';

export interface SavedFile {
  readonly handle: FileHandle;
  readonly bytes: number;
}

/** Opens the saved file itself: a link or a folder in its place is not followed. */
export async function openSaved(path: string, bytes: number | undefined): Promise<SavedFile | undefined> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => undefined);
  if (handle === undefined) return undefined;
  const facts = await handle.stat();
  if (facts.isFile() && (bytes === undefined || facts.size === bytes)) return { handle, bytes: facts.size };
  await handle.close();
  return undefined;
}

export interface ByteRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

/** The range in a `Range` header; `unsatisfiable` if it is outside the file; undefined for the whole file. */
export function rangeOf(header: string | undefined, bytes: number): ByteRange | 'unsatisfiable' | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  const start = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const end = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  return start > end || start >= bytes ? 'unsatisfiable' : { start, end };
}

/** The file is closed when it is read completely or abandoned. */
export const readRange = ({ handle }: SavedFile, { start, end }: ByteRange): Readable =>
  handle.createReadStream({ start, end, autoClose: true });
