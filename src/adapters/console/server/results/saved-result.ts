import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';

export interface SavedFile {
  readonly handle: FileHandle;
  readonly bytes: number;
}

/** The saved file itself: what is there in its place, a link or a folder, is not followed. */
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

/** One range of `Range`; `unsatisfiable` for one outside; undefined where the whole is meant. */
export function rangeOf(header: string | undefined, bytes: number): ByteRange | 'unsatisfiable' | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  const start = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const end = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  return start > end || start >= bytes ? 'unsatisfiable' : { start, end };
}

/** Closes the file when it is read or given up. */
export const readRange = ({ handle }: SavedFile, { start, end }: ByteRange): Readable =>
  handle.createReadStream({ start, end, autoClose: true });
