import { loadSqliteDriver, type SqliteDatabase } from '../../src/engine/store/sqlite/sqlite-driver.js';

/** The driver of the store, for tests that look at a store file from outside or damage it. */
export const RawDriver = await loadSqliteDriver('a test');

export const openRaw = (path: string): SqliteDatabase => new RawDriver(path);
