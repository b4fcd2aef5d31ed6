import type { JobStore } from '../../../src/engine/store/job-store.js';
import type { IsGone } from '../../../src/engine/store/lease/job-lease.js';
import { createMemoryStore } from '../../../src/engine/store/memory/memory-store.js';
import { openSqliteStore } from '../../../src/engine/store/sqlite/sqlite-store.js';
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
