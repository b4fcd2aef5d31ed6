import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeFolder } from '../make-folder.js';
import { refuseDamage } from './sqlite-damage.js';
import {
  loadSqliteDriver,
  type SqliteDatabase,
  type SqliteDriver,
  type SqliteStatement,
} from './sqlite-driver.js';
import { sqliteFailure } from './sqlite-failure.js';
import { applySchema, type SchemaConnection } from './sqlite-schema.js';
import { prepareStoreFile } from './store-file.js';

export interface SqliteConnectionOptions {
  readonly path: string;
  /** How long another process may hold the file while it is opened before we call it locked, in ms. */
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
  /** Whether the path still leads to this file. Throws what the file system throws. */
  whereabouts(): Whereabouts;
  close(): void;
}

export type Whereabouts = 'in-place' | 'removed' | 'replaced';

const OPENING_PAUSE_MS = 20;
/** Another process that is writing the first page may make a sound file look damaged, or like none of ours, for an instant. */
const LOOKS = 5;

/**
 * Opens a store file for writing, or makes one that only its owner can read.
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
  const connection = wrap(options.path, new driver(options.path));
  try {
    // Waiting for a lock does not block the thread.
    connection.exec('PRAGMA busy_timeout = 0');
    // Even a transaction that changes nothing makes a new file a database, but not yet one of ours.
    const isNew = connection.readPragma('page_count') === 0;
    if (!isNew) {
      // Costs less than what follows, where the file is locked.
      connection.inTransaction(() => undefined);
      refuseDamage(connection);
    }
    applySchema(connection, options.path);
    if (connection.readPragma('journal_mode') !== 'wal')
      connection.prepare('PRAGMA journal_mode = WAL').all();
    connection.exec('PRAGMA synchronous = NORMAL');
    // Shows now, not at the first save, that the file is read-only.
    connection.inTransaction(() => undefined);
    return connection;
  } catch (cause) {
    connection.close();
    throw cause;
  }
}

/** What tells a file from another one of its name; undefined where there is none. */
function identityOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}`;
}

function wrap(path: string, database: SqliteDatabase): SqliteConnection {
  let toDisk = false;
  const identity = identityOf(path);
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
    whereabouts() {
      const now = identityOf(path);
      if (now === undefined) return 'removed';
      return now === identity ? 'in-place' : 'replaced';
    },
    close: () => closeDatabase(database, identityOf(path) === identity),
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
function closeDatabase(database: SqliteDatabase, isInPlace: boolean): void {
  try {
    // Of a file that is gone, nothing is worth folding in, and the log of its name may be another's.
    if (isInPlace) database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
  } catch {
    // The next one to open the file does it.
  }
  database.close();
}
