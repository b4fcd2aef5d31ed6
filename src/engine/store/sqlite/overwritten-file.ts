import { randomUUID } from 'node:crypto';
import { chmodSync, constants, copyFileSync, renameSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { SqliteDriver } from './sqlite-driver.js';
import { sqliteFailure } from './sqlite-failure.js';
import { SELECT_IDENTITY } from './sqlite-schema.js';
import { refuseForeignContent } from './store-file.js';

/** What a file that was written to holds now, compared with the store that was opened: that store, another store, or neither. */
export type Content = 'same' | 'other-store' | 'foreign';

/** Reads the file without its log and without touching anything beside it; undefined if that fails. */
function readAlone(driver: SqliteDriver, path: string, sql: string, column: string): unknown {
  try {
    const database = new driver(`${pathToFileURL(path).href}?immutable=1`, { readOnly: true });
    try {
      return Object(database.prepare(sql).get())[column];
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

/** Whether the file is whole without its log: not while it is being written. About 1 ms per MB. */
export const isWhole = (driver: SqliteDriver, path: string): boolean =>
  readAlone(driver, path, 'PRAGMA quick_check(1)', 'quick_check') === 'ok';

/**
 * A store of an older release has no identity, and counts as the same. So does a file that is not whole: it is looked at again
 * when it has changed.
 * @param identity of the store that was opened; undefined if it is not known
 */
export function contentNow(driver: SqliteDriver, path: string, identity: unknown): Content {
  try {
    refuseForeignContent(driver, path);
  } catch (cause) {
    return sqliteFailure(cause, path).kind === 'not-a-store' ? 'foreign' : 'same';
  }
  const found = readAlone(driver, path, SELECT_IDENTITY, 'id');
  const isOther = found !== undefined && identity !== undefined && found !== identity;
  return isOther && isWhole(driver, path) ? 'other-store' : 'same';
}

/**
 * Gives another store, which was written over an open one in place, a file of its own under the same name: the log of the open
 * one belongs to what the file held before, and would destroy it.
 */
export function separateFromLog(path: string): void {
  const copy = `${path}.${randomUUID()}`;
  try {
    copyFileSync(path, copy, constants.COPYFILE_EXCL);
    chmodSync(copy, 0o600);
    for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
    renameSync(copy, path);
  } finally {
    rmSync(copy, { force: true });
  }
}
