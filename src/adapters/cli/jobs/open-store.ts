import { createMemoryStore, isStoreError, type JobStore, openJobStore } from '../../../engine/store/index.js';
import { defined } from '../../../services/defined.js';
import type { CliIo } from '../cli-io.js';
import { UsageError } from '../ends/usage-error.js';
import type { CommonFlags } from '../flags/flags.js';

const NONE = ':memory:';

export interface OpenedStore {
  readonly store: JobStore;
  /** Whether its content outlives this process. */
  readonly isLasting: boolean;
}

/**
 * The requested store: the flag, otherwise `GOAL_LANE_STORE`; undefined: the default one.
 * @throws UsageError
 */
export function storeAskedFor(io: CliIo, flags: CommonFlags): string | undefined {
  // An empty path would mean the working directory, which is not what the user wants.
  if (flags.store?.trim() === '') {
    throw new UsageError('--store: the path is empty', 'Name a file, or leave it out for the default one.');
  }
  return flags.store ?? (io.env.GOAL_LANE_STORE || undefined);
}

/**
 * Opens the store. A requested one must work; without the default one a job still runs, after a warning.
 * @throws StoreError, UsageError
 */
export async function openStore(
  io: CliIo,
  flags: CommonFlags,
  warn: (text: string) => void,
): Promise<OpenedStore> {
  const path = storeAskedFor(io, flags);
  try {
    const store = await openJobStore(defined({ path }));
    return { store, isLasting: path !== NONE };
  } catch (error) {
    if (path !== undefined || !isStoreError(error)) throw error;
    warn(
      `Warning: ${error.message} ${error.advice} The job runs without a store: after a crash it cannot be resumed.`,
    );
    return { store: createMemoryStore(), isLasting: false };
  }
}
