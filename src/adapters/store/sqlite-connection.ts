import { accessSync, chmodSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeFolder } from '../node/make-folder.js';
import {
  loadSqliteDriver,
  type SqliteDatabase,
  type SqliteDriver,
  type SqliteStatement,
} from './sqlite-driver.js';
import { sqliteFailure } from './sqlite-failure.js';
import { applySchema, type SchemaConnection } from './sqlite-schema.js';
import { StoreError } from './store-error.js';

export interface SqliteConnectionOptions {
  readonly path: string;
  /** How long another process may hold the file before we call it locked, in ms. */
  readonly busyTimeoutMs: number;
  /** The directory is ours alone: close it to others even where it exists. */
  readonly privateDirectory: boolean;
}

/** One open store file. Functions throw what the driver throws; `sqliteFailure` turns it into words. */
export interface SqliteConnection extends SchemaConnection {
  /** Absolute. */
  readonly path: string;
  prepare(sql: string): SqliteStatement;
  /** The first column of each row. */
  readRows(sql: string): readonly unknown[];
  /** From now on, whether a commit waits until it is on the disk itself. */
  commitToDisk(toDisk: boolean): void;
  close(): void;
}

const OPENING_PAUSE_MS = 20;
/** While a file is opened SQLite itself waits no longer than this: each of several steps may wait, and each try has several. */
const OPENING_BUSY_MS = 50;

/**
 * Opens a store file for writing, or makes one that only its owner can read.
 * @throws StoreError
 */
export async function openSqliteConnection(options: SqliteConnectionOptions): Promise<SqliteConnection> {
  const path = resolve(options.path);
  const driver = await loadSqliteDriver(path);
  // The driver's own wait does not cover the switch to WAL by two processes at once.
  const giveUpAt = performance.now() + options.busyTimeoutMs;
  for (;;) {
    try {
      await makeFolder(dirname(path), 0o700);
      return openOnce(driver, { ...options, path });
    } catch (cause) {
      const failure = sqliteFailure(cause, path);
      if (failure.kind !== 'locked' || performance.now() >= giveUpAt) throw failure;
    }
    await delay(OPENING_PAUSE_MS);
  }
}

function openOnce(driver: SqliteDriver, options: SqliteConnectionOptions): SqliteConnection {
  makePrivateFile(options.path, options.privateDirectory);
  const connection = wrap(options.path, new driver(options.path));
  try {
    const busyTimeoutMs = Math.max(0, Math.trunc(options.busyTimeoutMs));
    connection.exec(`PRAGMA busy_timeout = ${Math.min(busyTimeoutMs, OPENING_BUSY_MS)}`);
    refuseDamage(connection, options.path);
    applySchema(connection, options.path);
    if (connection.readPragma('journal_mode') !== 'wal')
      connection.prepare('PRAGMA journal_mode = WAL').all();
    connection.exec('PRAGMA synchronous = NORMAL');
    // Shows now, not at the first save, that the file is read-only.
    connection.inTransaction(() => undefined);
    connection.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    return connection;
  } catch (cause) {
    connection.close();
    throw cause;
  }
}

/** Findings about a single row: it is judged when it is read, and hides no other. */
const OF_A_ROW = /^(?:\S+ value in |CHECK constraint failed in )/;
/** Findings about an index, which is made anew from its table. */
const OF_AN_INDEX = /(?:missing from|entries in|entry in) index /;

/** Damage that could spread is named before a job begins: about 1 ms for each MB of the file. */
function refuseDamage(connection: SqliteConnection, path: string): void {
  const findings = connection.readRows('PRAGMA integrity_check').map(String);
  const grave = findings.filter((finding) => finding !== 'ok' && !OF_A_ROW.test(finding));
  const [worst] = grave.filter((finding) => !OF_AN_INDEX.test(finding));
  if (worst !== undefined) {
    throw new StoreError('corrupt', `The store ${path} is damaged (${worst.trim()}).`, { path });
  }
  if (grave.length > 0) mendIndexes(connection);
}

function mendIndexes(connection: SqliteConnection): void {
  try {
    connection.exec('REINDEX');
  } catch (cause) {
    if (sqliteFailure(cause, connection.path).kind === 'locked') throw cause;
    // Two rows of one name: the list of jobs, which needs no index, still tells both.
  }
}

/**
 * SQLite gives -wal and -shm the mode of the file, so that is made first. A file that exists is never opened here:
 * closing it again would drop the locks that another connection of this process holds on it (POSIX).
 */
function makePrivateFile(path: string, privateDirectory: boolean): void {
  const directory = dirname(path);
  if (privateDirectory) tighten(directory, 0o700);
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    if (statSync(path).isDirectory()) throw Object.assign(new Error('it is a directory'), { code: 'EISDIR' });
    tighten(path, 0o600);
    accessSync(path, constants.R_OK | constants.W_OK);
  }
}

function tighten(path: string, mode: number): void {
  if ((statSync(path).mode & 0o777 & ~mode) === 0) return;
  try {
    chmodSync(path, mode);
  } catch {
    // Somebody else's file: whether we can use it at all is found out next.
  }
}

function wrap(path: string, database: SqliteDatabase): SqliteConnection {
  let toDisk = false;
  const firstColumn = (row: unknown): unknown =>
    typeof row === 'object' && row !== null ? Object.values(row)[0] : undefined;
  const readRows = (sql: string) => database.prepare(sql).all().map(firstColumn);
  const connection: SqliteConnection = {
    path,
    prepare: (sql) => database.prepare(sql),
    exec: (sql) => database.exec(sql),
    readRows,
    readPragma: (name) => readRows(`PRAGMA ${name}`)[0],
    commitToDisk(wanted) {
      if (wanted === toDisk) return;
      database.exec(`PRAGMA synchronous = ${wanted ? 'FULL' : 'NORMAL'}`);
      toDisk = wanted;
    },
    inTransaction: (work) => inTransaction(database, work),
    close: () => closeDatabase(database),
  };
  return connection;
}

function inTransaction<Result>(database: SqliteDatabase, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (cause) {
    // On a full disk SQLite may have rolled back by itself; the refusal of a second ROLLBACK must not hide why.
    try {
      database.exec('ROLLBACK');
    } catch {
      // No transaction is left: that is as good.
    }
    throw cause;
  }
}

/** The driver keeps the file open while statements live, so the log is folded in here. */
function closeDatabase(database: SqliteDatabase): void {
  try {
    database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
  } catch {
    // The next one to open the file does it.
  }
  database.close();
}
