import { defaultStorePath } from './default-store-path.js';
import type { IsGone } from './job-lease.js';
import type { JobStore } from './job-store.js';
import { createMemoryStore } from './memory-store.js';
import { isProcessGone } from './process-liveness.js';
import type { RecordCodecOptions } from './record-codec.js';
import { openSqliteStore } from './sqlite-store.js';

export interface OpenStoreOptions extends RecordCodecOptions {
  /** `:memory:`, a file, or (default) the file of `defaultStorePath()`, whose directory is then closed to others. */
  readonly path?: string;
  /** Default: looks for the process on this machine. */
  readonly isGone?: IsGone;
  readonly busyTimeoutMs?: number;
}

/**
 * The store that a host on Node wants.
 * @throws StoreError
 */
export async function openJobStore(options: OpenStoreOptions = {}): Promise<JobStore> {
  const settings = { ...options, isGone: options.isGone ?? isProcessGone };
  if (options.path === ':memory:') return createMemoryStore(settings);
  const path = options.path ?? defaultStorePath();
  return openSqliteStore({ ...settings, path, privateDirectory: options.path === undefined });
}
