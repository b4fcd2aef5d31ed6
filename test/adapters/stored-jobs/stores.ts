import type { IsGone } from '../../../src/adapters/store/job-lease.js';
import type { JobStore } from '../../../src/adapters/store/job-store.js';
import { createMemoryStore } from '../../../src/adapters/store/memory-store.js';
import { openSqliteStore } from '../../../src/adapters/store/sqlite-store.js';
import { useStoreDirectory } from '../store/store-directory.js';

export interface StoreKind {
  /** A new, empty one; with a name, the one of that name. */
  open(isGone?: IsGone, name?: string): Promise<JobStore>;
  /** Where the bytes are, if there are any. */
  directory?(): string;
}

/** The stores that stored jobs must do with. Call within `describe`. */
export const STORE_KINDS: readonly (readonly [string, () => StoreKind])[] = [
  ['memory', () => ({ open: async (isGone) => createMemoryStore(isGone ? { isGone } : {}) })],
  [
    'SQLite',
    () => {
      const directory = useStoreDirectory();
      let opened = 0;
      return {
        open(isGone, name = `jobs-${opened}`) {
          opened += 1;
          return openSqliteStore({ path: directory.path(`${name}.db`), ...(isGone ? { isGone } : {}) });
        },
        directory: () => directory.path('.'),
      };
    },
  ],
];
