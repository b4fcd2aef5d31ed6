import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { startCaseServer } from './case-server.js';
import { caseSite, linesOf, shown } from './case-site.js';
import type { SharedCase } from './play-all.js';
import { CASES } from './shared-folder.js';

/** Another process takes the store's write lock some time after something was there, and gives it back. */
async function lockStore(
  store: string,
  isThere: () => Promise<boolean>,
  { afterMs, seconds }: Locking,
): Promise<void> {
  while (!(await isThere())) await sleep(50);
  await sleep(afterMs);
  const script = join(CASES, 'a/21-store-locked/lock.py');
  const child = spawn('python3', [script, store, String(seconds)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`lock.py ended with ${code}: the store was not locked`);
}

interface Locking {
  readonly name: string;
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** Until then the store is free: a busy machine may take seconds to get there. */
  readonly after: 'store' | 'create';
  readonly afterMs: number;
  readonly seconds: number;
}

/** Once the lock is free again, the next write works: the store ends up with what the run ended with. */
const locked = (locking: Locking): SharedCase => ({
  name: `a/21-store-locked ${locking.name}`,
  async play(dir) {
    const server = await startCaseServer(`a/21-store-locked/${locking.script}`, locking.env);
    try {
      const site = caseSite(dir, server.baseUrl);
      const isThere = async () =>
        locking.after === 'store' ? existsSync(`${site.store}-wal`) : (await server.count('create')) > 0;
      const lock = lockStore(site.store, isThere, locking);
      const run = await site.run(['run', 'wf', 'in.txt'], { timeoutMs: 50_000 });
      await lock;
      expect(run.exit, shown(run)).toBe(0);
      expect(await server.count('create')).toBe(1);
      const jobs = await site.run(['jobs', '--json']);
      const states = linesOf(jobs)
        .filter(({ type }) => type === 'job')
        .map(({ state }) => state);
      expect(states, shown(jobs)).toEqual(['completed']);
    } finally {
      await server.close();
    }
  },
});

export const lockedStore: readonly SharedCase[] = [
  locked({
    ...{ name: 'run.sh 14 8', script: 'server.mjs', env: { POLLS: '8' } },
    ...{ after: 'create', afterMs: 2_500, seconds: 14 },
  }),
  locked({
    ...{ name: 'run-create.sh 7', script: 'before-create.mjs', env: {} },
    ...{ after: 'store', afterMs: 700, seconds: 7 },
  }),
];
