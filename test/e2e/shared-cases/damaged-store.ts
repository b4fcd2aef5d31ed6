import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { openJobStore } from '../../../src/index.js';
import { caseSite, linesOf, shown } from './case-site.js';
import type { SharedCase } from './play-all.js';

interface Built {
  readonly openJobStore: typeof openJobStore;
  readonly currentOwner: () => Parameters<Awaited<ReturnType<typeof openJobStore>>['releaseOwner']>[0];
}

/** Three records, one of which can be found again by a word of its own. */
async function fillStore(path: string): Promise<void> {
  const main = new URL('../../../dist/index.js', import.meta.url).href;
  // Boundary: what is built from `src/index.ts`.
  const built = (await import(/* @vite-ignore */ main)) as Built;
  const store = await built.openJobStore({ path });
  const owner = built.currentOwner();
  const at = Date.now();
  for (const id of ['good-1', 'bad', 'good-2']) {
    const taken = await store.acquireLease(id, { owner, now: at, ttlMs: 1 });
    if (!('lease' in taken)) throw new Error(`no lease for ${id}`);
    const step = `MARK-${id}`;
    const job = { schemaVersion: 1, id, workflowId: 'w', state: 'executing', tags: [], step };
    const record = { ...job, createdAt: at, updatedAt: at, input: { workflowId: 'w', files: [] } };
    // Boundary: a record as the case has it; what the store wants of it may grow.
    const whole = { ...record, snapshot: null, files: [], retention: {} } as never;
    await store.save(whole, { lease: taken.lease, effect: true });
  }
  await store.releaseOwner(owner);
  await store.close();
}

function changeByte(path: string): void {
  const bytes = readFileSync(path);
  const at = bytes.indexOf('MARK-bad');
  expect(at, 'the record is in the file').toBeGreaterThan(0);
  bytes[at] = 0xff;
  writeFileSync(path, bytes);
}

/** One record with a byte that is not UTF-8 is reported by name, and hides no other. */
const damaged = (args: readonly string[]): SharedCase => ({
  name: `b/01-one-bad-byte-aborts-process ${args.join(' ')}`,
  async play(dir) {
    const site = caseSite(dir, 'http://127.0.0.1:9/api/v1');
    await fillStore(site.store);
    changeByte(site.store);
    const run = await site.run([...args, '--json']);
    expect(run.exit, `it was aborted: ${shown(run)}`).not.toBeNull();
    const said = run.stdout + run.stderr;
    for (const id of ['good-1', 'good-2', 'bad']) expect(said, shown(run)).toContain(id);
    const unreadable = linesOf(run).filter(({ type }) => type === 'unreadable');
    if (args[0] === 'jobs') expect(unreadable.map(({ id }) => id)).toEqual(['bad']);
    else expect(run.exit, shown(run)).not.toBe(0);
  },
});

export const damagedStore: readonly SharedCase[] = [
  damaged(['jobs']),
  damaged(['resume', '--all', '--no-input', '--max-wait', '3']),
];
