import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { formatSize } from '../say/format.js';

/** Below this, a larger result or the log of a store may not fit; in bytes. */
const LITTLE_SPACE = 200_000_000;

/** The state of a folder or, if it does not exist, of its nearest existing parent. */
export interface FolderState {
  readonly path: string;
  readonly isThere: boolean;
  readonly isFolder: boolean;
  readonly isWritable: boolean;
  /** In bytes; undefined if the platform does not report it. */
  readonly freeBytes?: number;
}

async function freeBytesOf(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Inspects a folder without creating anything. */
export async function folderState(folder: string): Promise<FolderState> {
  const wanted = resolve(folder);
  let path = wanted;
  for (;;) {
    try {
      const isFolder = (await stat(path)).isDirectory();
      const isWritable = await access(path, constants.W_OK | constants.X_OK).then(
        () => true,
        () => false,
      );
      const freeBytes = await freeBytesOf(path);
      const free = freeBytes === undefined ? {} : { freeBytes };
      return { path, isThere: path === wanted, isFolder, isWritable, ...free };
    } catch (error) {
      const above = dirname(path);
      if (!isAbsent(error) || above === path)
        return { path, isThere: false, isFolder: false, isWritable: false };
      path = above;
    }
  }
}

export const spaceInWords = ({ freeBytes }: FolderState): string =>
  freeBytes === undefined ? '' : `, ${formatSize(freeBytes)} free`;

export const hasLittleSpace = ({ freeBytes = LITTLE_SPACE }: FolderState): boolean =>
  freeBytes < LITTLE_SPACE;
