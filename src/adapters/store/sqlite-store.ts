import type { IsGone } from './job-lease.js';
import type { JobStore } from './job-store.js';
import { createRecordCodec, type RecordCodecOptions } from './record-codec.js';
import { openSqliteConnection } from './sqlite-connection.js';
import { sqliteFailure } from './sqlite-failure.js';
import { createSqliteJobs } from './sqlite-jobs.js';
import { createSqliteLanes } from './sqlite-lanes.js';
import { createSqliteLeases } from './sqlite-leases.js';
import { storeFromParts } from './store-from-parts.js';

export interface SqliteStoreOptions extends RecordCodecOptions {
  /** The file; it and its directories are made, for their owner only, where they do not exist. */
  readonly path: string;
  /** Tells whether an owner's process is known to be gone. Default: never, so a lease always runs to its end. */
  readonly isGone?: IsGone;
  /** How long another process may hold the file before we call it locked, in ms. Default 2,000; the thread stands still meanwhile. */
  readonly busyTimeoutMs?: number;
  /** Also close the file's directory to others where it exists already. Default false. */
  readonly privateDirectory?: boolean;
}

const DEFAULT_BUSY_TIMEOUT_MS = 2_000;

/**
 * A store in one SQLite file (WAL), for one machine and any number of processes. A record that announces an effect is on the
 * disk itself before `save` resolves (`synchronous=FULL`); any other survives the death of the process, not that of the power.
 * @throws StoreError
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<JobStore> {
  const connection = await openSqliteConnection({
    path: options.path,
    busyTimeoutMs: options.busyTimeoutMs ?? DEFAULT_BUSY_TIMEOUT_MS,
    privateDirectory: options.privateDirectory ?? false,
  });
  try {
    const leases = createSqliteLeases(connection, options.isGone ?? (() => false));
    return storeFromParts({
      jobs: createSqliteJobs(connection, leases, createRecordCodec(options)),
      leases,
      lanes: createSqliteLanes(connection),
      close: connection.close,
      explain: (cause) => sqliteFailure(cause, connection.path),
    });
  } catch (cause) {
    // A table or a column is missing.
    connection.close();
    throw sqliteFailure(cause, connection.path);
  }
}
