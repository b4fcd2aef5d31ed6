import { createReadStream } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { isCode } from '../../../engine/store/error-code.js';
import { hashFile } from '../hash-file.js';

/** A whole file, not yet under its name. */
export interface WholeFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const MOST_NAMES = 10_000;

const numbered = (name: string, turn: number): string => {
  if (turn === 0) return name;
  const extension = extname(name);
  return `${name.slice(0, name.length - extension.length)} (${turn})${extension}`;
};

/** Gives a file a name that nothing has yet; false where something has it. Rejects where this way is not open here. */
type Way = (file: WholeFile, to: string) => Promise<boolean>;

/** The name appears with all of the bytes at once, and cannot replace anything. */
const byLink: Way = async ({ path }, to) => {
  try {
    await link(path, to);
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
  await rm(path);
  return true;
};

async function copyInto(reserved: FileHandle, file: WholeFile, to: string): Promise<void> {
  await writeFile(reserved, createReadStream(file.path));
  await reserved.sync();
  if ((await hashFile(to)) !== file.sha256) throw new Error('the copy differs from what was copied');
}

/** Nothing but the empty file that was made a moment ago is ever replaced. */
async function isStillEmpty(to: string): Promise<boolean> {
  const there = await lstat(to);
  return there.isFile() && there.size === 0;
}

/** Without hard links: an empty file takes the name, and the whole one takes its place, by its name or by its bytes. */
const byReservation: Way = async (file, to) => {
  let reserved: FileHandle;
  try {
    reserved = await open(to, 'wx');
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
  try {
    if (!(await isStillEmpty(to))) return false;
    const isRenamed = await rename(file.path, to).then(
      () => true,
      () => false,
    );
    if (!isRenamed) {
      await copyInto(reserved, file, to);
      await rm(file.path);
    }
    return true;
  } catch (error) {
    await rm(to, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    await reserved.close().catch(() => undefined);
  }
};

/**
 * File systems say in many ways that they know no hard links (EPERM and ENOTSUP, but EISDIR on exFAT, EINVAL, EIO, EXDEV or UNKNOWN on
 * network shares): so whatever the first way is refused with, the other is tried.
 */
async function moveIfFree(file: WholeFile, to: string): Promise<boolean> {
  try {
    return await byLink(file, to);
  } catch (first) {
    try {
      return await byReservation(file, to);
    } catch (second) {
      throw new AggregateError([first, second], second instanceof Error ? second.message : String(second), {
        cause: second,
      });
    }
  }
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
 * taken becomes `name (1)`, `name (2)` …, unless the file there has the very same bytes, which then is the result. Where it
 * rejects, the file is where it was.
 */
export async function moveUnderName(file: WholeFile, dir: string, name: string): Promise<string> {
  for (let turn = 0; turn < MOST_NAMES; turn += 1) {
    const target = join(dir, numbered(name, turn));
    if (await moveIfFree(file, target)) {
      await syncFolder(dir);
      return target;
    }
    if (await isSame(target, file)) {
      // A second name of what has its right one: to leave it is untidy, and no reason to fail.
      await rm(file.path).catch(() => undefined);
      return target;
    }
  }
  throw new Error(`${MOST_NAMES} files of the name ${name} are there already`);
}
