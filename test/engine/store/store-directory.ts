import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** A directory of its own for each test of the file. */
export function useStoreDirectory(): { path(name: string): string } {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'goal-lane-store-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  return { path: (name) => join(directory, name) };
}
