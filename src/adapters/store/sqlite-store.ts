import type { IsGone } from './job-lease.js';
import type { JobStore } from './job-store.js';
import { createRecordCodec, type RecordCodecOptions } from './record-codec.js';
import { openSqliteConnection } from './sqlite-connection.js';
import { sqliteFailure } from './sqlite-failure.js';
import { createSqliteJobs } from './sqlite-jobs.js';
import { createSqliteLanes } from './sqlite-lanes.js';
import { createSqliteLeases } from './sqlite-leases.js';
import { StoreError } from './store-error.js';

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
  const leases = createSqliteLeases(connection, options.isGone ?? (() => false));
  const jobs = createSqliteJobs(connection, leases, createRecordCodec(options));
  const lanes = createSqliteLanes(connection);
  let open = true;

  const attempt = async <Result>(work: () => Result): Promise<Result> => {
    if (!open) throw new StoreError('closed', 'The store is closed.', { path: connection.path });
    try {
      return work();
    } catch (cause) {
      throw sqliteFailure(cause, connection.path);
    }
  };

  return {
    save: (record, saveOptions) => attempt(() => jobs.save(record, saveOptions)),
    load: (id) => attempt(() => jobs.load(id)),
    list: (filter) => attempt(() => jobs.list(filter)),
    remove: (lease) => attempt(() => jobs.remove(lease)),
    acquireLease: (jobId, claim) => attempt(() => firstOf(leases.acquire([jobId], claim))),
    acquireLeases: (jobIds, claim) => attempt(() => leases.acquire(jobIds, claim)),
    renewLeases: (claim) => attempt(() => leases.renew(claim)),
    releaseLease: (lease) => attempt(() => leases.release(lease)),
    releaseOwner: (owner) => attempt(() => leases.releaseOwner(owner)),
    leases: () => attempt(() => leases.all()),
    saveLane: (keyLabel, lane) => attempt(() => lanes.save(keyLabel, lane)),
    loadLane: (keyLabel) => attempt(() => lanes.load(keyLabel)),
    async close() {
      if (!open) return;
      open = false;
      connection.close();
    },
  };
}

function firstOf<Item>(items: readonly Item[]): Item {
  const [first] = items;
  if (first === undefined) throw new StoreError('unusable', 'The store gave no answer.');
  return first;
}
