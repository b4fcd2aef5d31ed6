import { createHash } from 'node:crypto';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import type { SteeredLaneSource } from '../../../src/engine/job/index.js';
import type { GoalLane } from '../../../src/engine/lane/index.js';
import { createMemoryStore, openSqliteStore } from '../../../src/engine/store/index.js';
import { useStoreDirectory } from '../store/store-directory.js';
import { laneScene, plainWorkflow, settle } from './lane-scene.js';

const directory = useStoreDirectory();
const workflows = [plainWorkflow('wf', 20_000)];
const newJob = (id: string) => ({ id, workflowId: 'wf', files: ['/home/someone/a.txt'] });
const stores = [
  ['in memory', async () => createMemoryStore()],
  ['in a file', () => openSqliteStore({ path: directory.path('jobs.db') })],
] as const;

/** Real files are written meanwhile: time is run until the work is done. */
async function untilDone<Value>(scene: ReturnType<typeof laneScene>, work: Promise<Value>): Promise<Value> {
  let isDone = false;
  void work.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    if (!(await scene.clock.step())) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return work;
}

describe.each(stores)('what a lane keeps of jobs, with a store %s', (_, open) => {
  it('lists page by page what a job did, numbered, oldest first, and without a path', async () => {
    const scene = laneScene({ workflows });
    const store = await open();
    const lane = scene.lane({ store });
    await untilDone(scene, lane.start(newJob('a')).result());
    const all: { seq: number; type: string; about: object }[] = [];
    let before: number | undefined;
    do {
      const page = await lane.history('a', { limit: 4, ...(before === undefined ? {} : { before }) });
      expect(page.entries.length).toBeLessThanOrEqual(4);
      all.unshift(...page.entries);
      before = page.before;
    } while (before !== undefined);
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, at) => at + 1));
    const types = all.map(({ type }) => type);
    for (const type of ['moved', 'created', 'progress', 'completed']) expect(types).toContain(type);
    expect(types.slice(-2)).toContain('completed');
    const paths = all.flatMap(({ about }) => Reflect.get(about, 'path') ?? []);
    expect(paths).toContain('preparing.uploading');
    expect(paths).toContain('executing.awaitingTurn');
    // Reads that repeat are one entry.
    expect(paths.filter((path) => path === 'executing.awaitingTurn')).toHaveLength(1);
    expect(JSON.stringify(all)).not.toMatch(/someone|out\/|https?:|secret|X-Amz/);
    await untilDone(scene, lane.close());
    await store.close();
  });

  it('continues the numbers in the next process, and thins long histories', async () => {
    const store = await open();
    const scene = laneScene({ workflows });
    const lane = scene.lane({ store });
    await untilDone(scene, lane.start(newJob('a')).result());
    await untilDone(scene, lane.close());
    const { entries } = (await store.history?.('a')) ?? { entries: [] };
    const last = entries.at(-1)?.seq ?? 0;
    const more = Array.from({ length: 700 }, (_, at) => ({ at, type: 'progress' as const, about: { at } }));
    await store.appendHistory?.(new Map([['a', more]]));
    const kept = await store.history?.('a', { limit: 1_000 });
    expect(kept?.entries).toHaveLength(500);
    expect(kept?.entries.at(-1)?.seq).toBe(last + 700);
    expect(kept?.entries.filter(({ type }) => type !== 'progress').map(({ seq }) => seq)).toEqual(
      entries.filter(({ type }) => type !== 'progress').map(({ seq }) => seq),
    );
    await store.close();
  });

  it('forgets a job that has ended, with its history, and none that runs', async () => {
    const scene = laneScene({ workflows });
    const store = await open();
    const lane = scene.lane({ store });
    const handle = lane.start(newJob('a'));
    await expect(lane.forget('a')).rejects.toMatchObject({ kind: 'invalid-input' });
    await untilDone(scene, handle.result());
    expect((await lane.stored({ states: ['completed'] })).jobs).toMatchObject([
      { id: 'a', state: 'completed' },
    ]);
    await untilDone(scene, new Promise((resolve) => setTimeout(resolve, 20)));
    expect(await lane.forget('a')).toBe(true);
    expect(lane.view().jobs).toEqual([]);
    expect((await lane.stored()).jobs).toEqual([]);
    expect((await lane.history('a')).entries).toEqual([]);
    expect(await lane.forget('a')).toBe(false);
    await untilDone(scene, lane.close());
    await store.close();
  });
});

it('lists what is stored page by page, newest first', async () => {
  const scene = laneScene({ workflows });
  const lane = scene.lane({ store: createMemoryStore() });
  for (const id of ['a', 'b', 'c']) await settle(scene, lane.start(newJob(id)).result());
  const first = await lane.stored({ limit: 2 });
  expect(first.jobs.map(({ id }) => id)).toEqual(['c', 'b']);
  const { next = '' } = first;
  expect((await lane.stored({ limit: 2, after: next })).jobs.map(({ id }) => id)).toEqual(['a']);
  await settle(scene, lane.close());
});

it('streams a result with a new URL each time, which appears nowhere', async () => {
  const scene = laneScene({ workflows });
  const lane = scene.lane();
  await settle(scene, lane.start(newJob('a')).result());
  const before = scene.count('download');
  const hashes: string[] = [];
  for (let round = 0; round < 2; round += 1) {
    const opened = await settle(scene, lane.openResult('a'));
    expect(JSON.stringify(opened)).not.toContain('http');
    expect(opened.name).toMatch(/^[^/\\]+$/);
    const hash = createHash('sha256');
    let bytes = 0;
    const read = async (): Promise<void> => {
      for await (const chunk of opened.chunks) {
        hash.update(chunk);
        bytes += chunk.byteLength;
      }
    };
    await settle(scene, read());
    expect(bytes).toBe(opened.bytes);
    hashes.push(hash.digest('hex'));
  }
  expect(hashes[0]).toBe(hashes[1]);
  expect(scene.count('download')).toBe(before + 2);
  await expect(lane.openResult('nobody')).rejects.toMatchObject({ kind: 'not-found' });
  await settle(scene, lane.close());
});

it('notices what another process writes into the same file, and nothing of its own', async () => {
  const path = directory.path('shared.db');
  const [mine, theirs] = [await openSqliteStore({ path }), await openSqliteStore({ path })];
  const scene = laneScene({ workflows });
  const lane = scene.lane({ store: mine });
  let changes = 0;
  const stop = lane.onStoreChange(() => {
    changes += 1;
  });
  const other = scene.lane({ store: theirs });
  await untilDone(scene, other.start(newJob('theirs')).result());
  await vi.waitFor(() => expect(changes).toBeGreaterThan(0), 5_000);
  expect((await lane.stored()).jobs).toMatchObject([{ id: 'theirs' }]);
  await untilDone(scene, other.close());
  stop();
  await untilDone(scene, lane.close());
  await Promise.all([mine.close(), theirs.close()]);
});

it('is all that a server over a lane needs', () => {
  expectTypeOf<GoalLane>().toExtend<SteeredLaneSource>();
});
