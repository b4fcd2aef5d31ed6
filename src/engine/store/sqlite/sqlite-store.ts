import { checkNumbers, TIME_SPAN_OR_NONE } from '../../../services/check-numbers.js';
import type { JobStore, StoreMove } from '../job-store.js';
import type { IsGone } from '../lease/job-lease.js';
import type { RecordCodecOptions } from '../record/record-codec.js';
import { storeFromParts } from '../store-from-parts.js';
import { createChangeWatch } from './change-watch.js';
import { openSqliteFile } from './sqlite-file.js';

export interface SqliteStoreOptions extends RecordCodecOptions {
  /** The file; it and its directories are created for their owner only, if missing. */
  readonly path: string;
  /** Whether an owner's process is known to be gone. Default: never, so a lease always runs to its end. */
  readonly isGone?: IsGone | undefined;
  /** How long to wait while another process has the file locked, in ms. Default 10,000; the thread is not blocked. */
  readonly busyTimeoutMs?: number | undefined;
  /** Also make an existing directory of the file private. Default false. */
  readonly privateDirectory?: boolean | undefined;
}

const DEFAULT_BUSY_TIMEOUT_MS = 10_000;

/**
 * A store in one SQLite file (WAL), for one machine and any number of processes. A record that announces an effect is physically
 * on the disk before `save` resolves (`synchronous=FULL`); others survive a crash of the process, but not a power loss.
 * @throws StoreError; InvalidInputError for a time-out that cannot be meant
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<JobStore> {
  checkNumbers(options, { busyTimeoutMs: TIME_SPAN_OR_NONE });
  const listeners = new Set<(move: StoreMove) => void>();
  const file = await openSqliteFile({
    ...options,
    busyTimeoutMs: options.busyTimeoutMs ?? DEFAULT_BUSY_TIMEOUT_MS,
    privateDirectory: options.privateDirectory ?? false,
    isGone: options.isGone ?? (() => false),
    onMove: (move) => {
      for (const listener of listeners) listener(move);
    },
  });
  const watch = createChangeWatch(() => file.read(({ version }) => version?.()));
  const store = storeFromParts(file);
  return {
    ...store,
    onChange: watch.listen,
    async close() {
      watch.stop();
      await store.close();
    },
    onMove(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
