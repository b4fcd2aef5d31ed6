import { createReadStream } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { isCode } from '../../../engine/store/error-code.js';
import { hashFile } from '../hash-file.js';

/** A complete file that does not have its final name yet. */
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

/** Gives a file an unused name; false if the name is taken. Rejects if the method is not supported here. */
type Way = (file: WholeFile, to: string) => Promise<boolean>;

/** The name appears atomically with all bytes, and cannot replace anything. */
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

/** Only the empty file that was just created may be replaced. */
async function isStillEmpty(to: string): Promise<boolean> {
  const there = await lstat(to);
  return there.isFile() && there.size === 0;
}

/** Without hard links: an empty file reserves the name, and is then replaced by a rename or by copying the bytes. */
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
 * File systems report missing hard links in many ways (EPERM and ENOTSUP, but EISDIR on exFAT, EINVAL, EIO, EXDEV or UNKNOWN on
 * network shares): so after any error the other method is tried.
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

/** The new name must survive a power loss like the bytes; not every system supports that. */
async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close().catch(() => undefined);
}

/**
 * Gives a complete file its name in a folder and returns the path. Nothing is overwritten and no link is followed: if the name is
 * taken, it becomes `name (1)`, `name (2)` …, unless the existing file has the same bytes, which then is the result. If it
 * rejects, the file is unchanged.
 */
export async function moveUnderName(file: WholeFile, dir: string, name: string): Promise<string> {
  for (let turn = 0; turn < MOST_NAMES; turn += 1) {
    const target = join(dir, numbered(name, turn));
    if (await moveIfFree(file, target)) {
      await syncFolder(dir);
      return target;
    }
    if (await isSame(target, file)) {
      // The file already has its final name: failing to remove the second one is no reason to fail.
      await rm(file.path).catch(() => undefined);
      return target;
    }
  }
  throw new Error(`${MOST_NAMES} files of the name ${name} are there already`);
}
