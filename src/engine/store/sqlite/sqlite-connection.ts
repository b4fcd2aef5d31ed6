import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeFolder } from '../make-folder.js';
import { contentNow, isWhole } from './overwritten-file.js';
import { refuseDamage } from './sqlite-damage.js';
import {
  loadSqliteDriver,
  type SqliteDatabase,
  type SqliteDriver,
  type SqliteStatement,
} from './sqlite-driver.js';
import { sqliteFailure } from './sqlite-failure.js';
import { applySchema, type SchemaConnection, SELECT_IDENTITY } from './sqlite-schema.js';
import { prepareStoreFile } from './store-file.js';

export interface SqliteConnectionOptions {
  readonly path: string;
  /** How long to wait while another process has the file locked during opening, in ms. */
  readonly busyTimeoutMs: number;
  /** The directory is only ours: make it private even if it exists. */
  readonly privateDirectory: boolean;
}

/** One open store file. Functions throw the driver's errors; `sqliteFailure` converts them. */
export interface SqliteConnection extends SchemaConnection {
  /** Absolute. */
  readonly path: string;
  prepare(sql: string): SqliteStatement;
  /** The first column of each row. */
  readRows(sql: string): readonly unknown[];
  /** Sets whether commits from now on wait until they are physically on the disk. Ignored within a transaction that sets it itself. */
  commitToDisk(toDisk: boolean): void;
  /** Runs a transaction: all of the work or nothing. `toDisk` is as in `commitToDisk`, for this transaction only. */
  inTransaction<Result>(work: () => Result, toDisk?: boolean): Result;
  /** Whether the path still refers to this file. Throws errors of the file system. */
  whereabouts(): Whereabouts;
  close(): void;
}

/**
 * `emptied`, `replaced` and `overwritten` (by another store) also describe a file that was written over in place, as `cp` and an
 * editor do.
 */
export type Whereabouts = 'in-place' | 'removed' | 'replaced' | 'emptied' | 'overwritten';

const OPENING_PAUSE_MS = 20;
/** While another process writes the first page, a valid file may briefly look damaged or foreign. */
const LOOKS = 5;

/**
 * Opens a store file for writing, or creates one that only its owner can read.
 * @throws StoreError
 */
export async function openSqliteConnection(options: SqliteConnectionOptions): Promise<SqliteConnection> {
  const path = resolve(options.path);
  const driver = await loadSqliteDriver(path);
  const giveUpAt = performance.now() + options.busyTimeoutMs;
  for (let looks = 1; ; looks += 1) {
    try {
      await makeFolder(dirname(path), 0o700);
      return openOnce(driver, { ...options, path });
    } catch (cause) {
      const failure = sqliteFailure(cause, path);
      const mayPass = failure.kind === 'locked' && performance.now() < giveUpAt;
      if (!mayPass && (failure.kind !== 'corrupt' || looks >= LOOKS)) throw failure;
    }
    await delay(OPENING_PAUSE_MS);
  }
}

function openOnce(driver: SqliteDriver, options: SqliteConnectionOptions): SqliteConnection {
  prepareStoreFile(driver, options);
  const connection = wrap(driver, options.path);
  try {
    // We wait for locks ourselves, without blocking the thread.
    connection.exec('PRAGMA busy_timeout = 0');
    // Even a transaction without changes turns a new file into a database, but not yet into a store.
    const isNew = connection.readPragma('page_count') === 0;
    if (!isNew) {
      // Cheaper than the next step if the file is locked.
      connection.inTransaction(() => undefined);
      refuseDamage(connection);
    }
    const isChanged = applySchema(connection, options.path);
    // The file is recognised without its log.
    if (isChanged && !isNew) connection.readRows('PRAGMA wal_checkpoint(TRUNCATE)');
    if (connection.readPragma('journal_mode') !== 'wal')
      connection.prepare('PRAGMA journal_mode = WAL').all();
    connection.exec('PRAGMA synchronous = NORMAL');
    // Reveals a read-only file now, not at the first save.
    connection.inTransaction(() => undefined);
    // It may have been an empty file until now.
    connection.whereabouts();
    return connection;
  } catch (cause) {
    connection.close();
    throw cause;
  }
}

/** Distinguishes a file from another with the same name, and from what it was before it was overwritten. */
function createLook(driver: SqliteDriver, path: string, storeId: () => unknown): () => Whereabouts {
  const look = () => statSync(path, { bigint: true, throwIfNoEntry: false });
  const identityOf = (stats: ReturnType<typeof look>) => stats && `${stats.dev}:${stats.ino}`;
  const identity = identityOf(look());
  let largest = 0n;
  let changedAt = 0n;
  let last: Whereabouts = 'in-place';
  const next = (): Whereabouts => {
    const stats = look();
    if (stats === undefined) return 'removed';
    if (identityOf(stats) !== identity) return 'replaced';
    // Records go into the log first: the file itself changes seldom.
    const isChanged = stats.mtimeNs !== changedAt && stats.size > 0n;
    const content = isChanged ? contentNow(driver, path, storeId()) : 'same';
    if (content === 'other-store') return 'overwritten';
    // A store never gets smaller by itself: what it has to spare is kept for new records.
    if (stats.size < largest) {
      if (stats.size === 0n) return 'emptied';
      return content === 'same' && isWhole(driver, path) ? 'overwritten' : 'replaced';
    }
    if (content === 'foreign') return 'replaced';
    largest = stats.size;
    changedAt = stats.mtimeNs;
    return 'in-place';
  };
  return () => {
    // What this connection holds open is not the store any more, whatever comes later.
    if (last === 'in-place') last = next();
    return last;
  };
}

function wrap(driver: SqliteDriver, path: string): SqliteConnection {
  const database = new driver(path);
  let toDisk = false;
  let isDecided = false;
  const firstColumn = (row: unknown): unknown =>
    typeof row === 'object' && row !== null ? Object.values(row)[0] : undefined;
  const readRows = (sql: string) => database.prepare(sql).all().map(firstColumn);
  let storeId: unknown;
  const whereabouts = createLook(driver, path, () => {
    storeId ??= readRows(SELECT_IDENTITY)[0];
    return storeId;
  });
  const connection: SqliteConnection = {
    path,
    prepare: (sql) => database.prepare(sql),
    exec: (sql) => database.exec(sql),
    readRows,
    readPragma: (name) => readRows(`PRAGMA ${name}`)[0],
    commitToDisk(wanted) {
      // SQLite ignores the change within a transaction.
      if (wanted === toDisk || isDecided) return;
      database.exec(`PRAGMA synchronous = ${wanted ? 'FULL' : 'NORMAL'}`);
      toDisk = wanted;
    },
    inTransaction(work, wanted) {
      if (wanted === undefined) return inTransaction(database, work);
      connection.commitToDisk(wanted);
      isDecided = true;
      try {
        return inTransaction(database, work);
      } finally {
        isDecided = false;
      }
    },
    whereabouts,
    close: () => closeDatabase(database, whereabouts() === 'in-place'),
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
    // On a full disk SQLite may have rolled back itself; the error of a second ROLLBACK must not hide the cause.
    try {
      database.exec('ROLLBACK');
    } catch {
      // No transaction is left, which is fine.
    }
    throw cause;
  }
}

/** The driver keeps the file open while statements exist, so the log is checkpointed here. */
function closeDatabase(database: SqliteDatabase, isInPlace: boolean): void {
  try {
    // If the file is gone, its log is useless, and the log with its name may belong to another file.
    if (isInPlace) database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
  } catch {
    // The next process to open the file will do it.
  }
  database.close();
}
