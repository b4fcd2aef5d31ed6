import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isCode } from '../error-code.js';
import { StoreError } from '../store-error.js';
import type { SqliteDriver } from './sqlite-driver.js';
import { sqliteFailure } from './sqlite-failure.js';
import { APPLICATION_ID } from './sqlite-schema.js';

export interface StoreFileOptions {
  readonly path: string;
  /** The directory is only ours: make it private even if it exists. */
  readonly privateDirectory: boolean;
}

type FileKind = Pick<
  Stats,
  'isFile' | 'isDirectory' | 'isFIFO' | 'isSocket' | 'isCharacterDevice' | 'isBlockDevice'
>;

/** One page of the smallest size: SQLite takes anything shorter for an empty database, whatever its content. */
const SMALLEST_DATABASE = 512;

const refusal = (path: string, words: string): StoreError =>
  new StoreError('not-a-store', `${path} ${words}.`, { path });

/** What a path refers to, in words, if not a file; it is never opened. */
export function otherThanFile(kind: FileKind): string | undefined {
  if (kind.isFile()) return undefined;
  if (kind.isDirectory()) return 'is a directory, not a goal-lane store';
  if (kind.isFIFO()) return 'is a pipe, not a goal-lane store';
  if (kind.isSocket()) return 'is a socket, not a goal-lane store';
  if (kind.isCharacterDevice() || kind.isBlockDevice()) return 'is a device, not a goal-lane store';
  return 'is no file, so it is not a goal-lane store';
}

/**
 * Creates the file of a store, or checks that an existing one is a store; anything else stays untouched, including mode and time.
 * Afterwards only its owner can read it and its log, which gets the same mode from SQLite.
 * @throws StoreError `not-a-store`, `corrupt`; errors of the file system
 */
export function prepareStoreFile(driver: SqliteDriver, { path, privateDirectory }: StoreFileOptions): void {
  const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  if (!isThere) refuseForeignCompanions(path);
  if (privateDirectory) tighten(dirname(path), 0o700);
  if (!isThere && makeFile(path)) return;
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw refusal(path, 'is a link to nothing, not a goal-lane store');
  const other = otherThanFile(stats);
  if (other !== undefined) throw refusal(path, other);
  accessSync(path, constants.R_OK);
  if (stats.size === 0) refuseForeignEmptyFile(path, stats);
  else if (stats.size < SMALLEST_DATABASE) throw refusal(path, 'is not a goal-lane store');
  else refuseForeignContent(driver, path);
  tighten(path, 0o600);
  accessSync(path, constants.R_OK | constants.W_OK);
}

/** False if another process has created it meanwhile. */
function makeFile(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (cause) {
    if (isCode(cause, 'EEXIST')) return false;
    throw cause;
  }
  // Left by a store that was removed while open: SQLite would use them again, together with processes that still have them open.
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
  return true;
}

/**
 * An empty file becomes a store only if that affects no other process: it is ours and private. That is what `mktemp` creates, and what
 * remains if a process dies while creating a store.
 */
function refuseForeignEmptyFile(path: string, { mode, uid }: Stats): void {
  // Windows has neither.
  const isOurs = process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);
  if (!isOurs) throw refusal(path, 'is an empty file that others can use, not a goal-lane store');
  refuseForeignCompanions(path);
}

function applicationIdOf(driver: SqliteDriver, location: string): unknown {
  const database = new driver(location, { readOnly: true });
  try {
    return Object(database.prepare('PRAGMA application_id').get()).application_id;
  } finally {
    database.close();
  }
}

const hasLog = (path: string): boolean => (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;

/**
 * Lets SQLite read the file without touching anything beside it. The file is never opened here: closing it would drop the locks
 * of another connection of this process (POSIX).
 */
export function refuseForeignContent(driver: SqliteDriver, path: string): void {
  let applicationId: unknown;
  try {
    applicationId = applicationIdOf(driver, `${pathToFileURL(path).href}?immutable=1`);
  } catch (cause) {
    const failure = sqliteFailure(cause, path);
    if (failure.kind === 'not-a-store') throw refusal(path, 'is not a goal-lane store');
    // A process that was killed while it moved its log into the file has left a file that is whole only together with the log.
    if (failure.kind !== 'corrupt' || !hasLog(path)) throw failure;
    applicationId = applicationIdWithLog(driver, path);
  }
  if (applicationId !== APPLICATION_ID) throw refusal(path, 'is a database of another program');
}

function applicationIdWithLog(driver: SqliteDriver, path: string): unknown {
  try {
    return applicationIdOf(driver, path);
  } catch (cause) {
    throw sqliteFailure(cause, path);
  }
}

const COMPANIONS = ['-wal', '-shm', '-journal'] as const;

/** How SQLite's own files begin; its shared memory (`-shm`) has no fixed beginning, but a fixed size. */
const BEGINNINGS: Readonly<Record<string, readonly string[]>> = {
  '-wal': ['377f0682', '377f0683'],
  '-journal': ['d9d505f9', '00000000'],
};
const SHARED_MEMORY_BLOCK = 32_768;

/** Names that SQLite would use for a store at this path: foreign files with such a name stay untouched. */
function refuseForeignCompanions(path: string): void {
  for (const suffix of COMPANIONS) {
    const companion = path + suffix;
    const stats = lstatSync(companion, { throwIfNoEntry: false });
    if (stats === undefined || (stats.isFile() && isOfSqlite(companion, suffix, stats.size))) continue;
    throw refusal(path, `cannot be made a store: ${companion} is in its way and is not of one`);
  }
}

function isOfSqlite(path: string, suffix: string, size: number): boolean {
  if (size === 0) return true;
  const beginnings = BEGINNINGS[suffix];
  // A store that was just created again has a few bytes.
  if (beginnings === undefined) return size % SHARED_MEMORY_BLOCK === 0 || size === 3;
  const bytes = Buffer.alloc(4);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, 4, 0);
  } finally {
    closeSync(file);
  }
  return beginnings.includes(bytes.toString('hex'));
}

function tighten(path: string, mode: number): void {
  if ((statSync(path).mode & 0o777 & ~mode) === 0) return;
  try {
    chmodSync(path, mode);
  } catch {
    // It belongs to somebody else: whether we can use it shows next.
  }
}
