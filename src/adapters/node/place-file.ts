import { link, lstat, open, rename, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { hashFile } from './hash-file.js';
import { isCode } from './local-failure.js';

/** A whole file, not yet under its name. */
export interface WholeFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const MOST_NAMES = 10_000;
/** File systems that know no hard links say so in different ways. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES'];

const numbered = (name: string, turn: number): string => {
  if (turn === 0) return name;
  const extension = extname(name);
  return `${name.slice(0, name.length - extension.length)} (${turn})${extension}`;
};

/** Moves a file to a name that nothing has yet; false where something has it, be it a link that leads nowhere. */
async function moveIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    await rm(from);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    if (!isCode(error, ...NO_LINKS)) throw error;
  }
  try {
    // Without hard links: an empty file takes the name, and the whole one takes its place.
    await (await open(to, 'wx')).close();
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
  await rename(from, to);
  return true;
}

async function isSame(path: string, file: WholeFile): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats?.isFile() || stats.size !== file.bytes) return false;
  return (await hashFile(path).catch(() => '')) === file.sha256;
}

/** The new name must survive a power cut as the bytes do; not every system can be asked. */
async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close().catch(() => undefined);
}

/**
 * Gives a whole file its name in a folder and returns the path. Nothing is overwritten and no link is followed: a name that is
 * taken becomes `name (1)`, `name (2)` …, unless the file there has the very same bytes, which then is the result.
 */
export async function placeFile(file: WholeFile, dir: string, name: string): Promise<string> {
  for (let turn = 0; turn < MOST_NAMES; turn += 1) {
    const target = join(dir, numbered(name, turn));
    if (await moveIfFree(file.path, target)) {
      await syncFolder(dir);
      return target;
    }
    if (await isSame(target, file)) {
      await rm(file.path);
      return target;
    }
  }
  throw new Error(`${MOST_NAMES} files of the name ${name} are there already`);
}
