import { defaultStorePath } from './default-store-path.js';
import type { JobStore } from './job-store.js';
import type { IsGone } from './lease/job-lease.js';
import { isProcessGone } from './lease/process-liveness.js';
import { createMemoryStore } from './memory/memory-store.js';
import type { RecordCodecOptions } from './record/record-codec.js';
import { openSqliteStore } from './sqlite/sqlite-store.js';

export interface OpenStoreOptions extends RecordCodecOptions {
  /** A file, or `:memory:`. Default: the file of `defaultStorePath()`, whose directory is then made private. */
  readonly path?: string | undefined;
  /** Default: checks the process on this machine. */
  readonly isGone?: IsGone | undefined;
  readonly busyTimeoutMs?: number | undefined;
}

/**
 * Opens the usual store of a host on Node.
 * @throws StoreError
 */
export async function openJobStore(options: OpenStoreOptions = {}): Promise<JobStore> {
  const settings = { ...options, isGone: options.isGone ?? isProcessGone };
  if (options.path === ':memory:') return createMemoryStore(settings);
  const path = options.path ?? defaultStorePath();
  return openSqliteStore({ ...settings, path, privateDirectory: options.path === undefined });
}
