import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../src/engine/store/sqlite/sqlite-store.js';
import { bundleStoreChild, useStoreChildren } from './child-process.js';
import { claimOf, leaseOf, NOW, sampleRecord } from './sample-record.js';
import { useStoreDirectory } from './store-directory.js';

const directory = useStoreDirectory();
const children = useStoreChildren();
beforeAll(bundleStoreChild);

/** A store with one lease, and another process that holds its write lock for so long. */
async function lockedFor(ms: number, busyTimeoutMs?: number) {
  const path = directory.path('jobs.db');
  const store = await openSqliteStore({ path, ...(busyTimeoutMs === undefined ? {} : { busyTimeoutMs }) });
  const lease = await leaseOf(store, 'one');
  const locker = children.start(['lock', path, String(ms)]);
  expect(await locker.next()).toBe('locked');
  return { path, store, lease, locker };
}

/** How the event loop fares: the longest time in which no timer fired, and how much of the time it was not idle. */
async function watchLoop() {
  let last = performance.now();
  let longestGapMs = 0;
  const ticking = setInterval(() => {
    longestGapMs = Math.max(longestGapMs, performance.now() - last);
    last = performance.now();
  }, 5);
  await delay(50);
  longestGapMs = 0;
  const before = performance.eventLoopUtilization();
  return {
    end() {
      clearInterval(ticking);
      return { longestGapMs, utilization: performance.eventLoopUtilization(before).utilization };
    },
  };
}

const progress = (percent: number) => sampleRecord('one', { progress: percent });

describe('while another process holds the lock', () => {
  it('writes wait for it beside the event loop, and are done in their order once it is free', async () => {
    const { store, lease, locker } = await lockedFor(2_500);
    const loop = await watchLoop();
    const done: string[] = [];
    const note = (word: string) => () => void done.push(word);
    await Promise.all([
      locker.next().then(note('free')),
      store.save(progress(1), { lease, effect: true }).then(note('1')),
      store.renewLeases(claimOf('a')).then(note('heartbeat')),
      store.saveLane('lane', { queueOrder: [], updatedAt: NOW }).then(note('lane')),
      store.save(progress(2), { lease, effect: false }).then(note('2')),
    ]);
    const { longestGapMs, utilization } = loop.end();
    expect(done.filter((word) => word !== 'free')).toEqual(['1', 'heartbeat', 'lane', '2']);
    expect((await store.load('one'))?.progress).toBe(2);
    // Alone on a machine it is some ms; the thread stood still for seconds, before.
    expect(longestGapMs).toBeLessThan(500);
    expect(utilization).toBeLessThan(0.5);
    await store.close();
  }, 30_000);

  it('what is stored can be read', async () => {
    const { store, lease, locker } = await lockedFor(3_000);
    const saving = store.save(progress(1), { lease, effect: true }).then(() => 'saved');
    const reading = store.list().then(() => 'read');
    expect(await Promise.race([saving, reading])).toBe('read');
    await Promise.all([saving, locker.next()]);
    await store.close();
  }, 30_000);

  it('a write that is given up harms none after it', async () => {
    const { store, lease, locker } = await lockedFor(1_500, 200);
    const since = performance.now();
    const refused = await Promise.allSettled([
      store.save(progress(1), { lease, effect: true }),
      store.acquireLease('two', claimOf('b')),
      store.releaseOwner(claimOf('a').owner),
    ]);
    // From when each was asked for: they do not wait one after the other.
    expect(performance.now() - since).toBeLessThan(1_400);
    expect(refused.map((end) => end.status === 'rejected' && end.reason.kind)).toEqual(
      Array(3).fill('locked'),
    );
    expect(await locker.next()).toBe('free');
    expect(await store.save(progress(2), { lease, effect: true })).toBe('written');
    expect(await store.save(progress(3), { lease, effect: false })).toBe('written');
    expect((await store.acquireLease('two', claimOf('b'))).acquired).toBe(true);
    expect((await store.load('one'))?.progress).toBe(3);
    await store.close();
  }, 30_000);

  it('the store is opened when it is free, beside the event loop', async () => {
    const { path, store } = await lockedFor(1_500);
    await store.close();
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
    }, 20);
    await (await openSqliteStore({ path })).close();
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(20);
  }, 30_000);

  it('closing waits for the writes that were asked for, and refuses others', async () => {
    const { path, store, lease } = await lockedFor(1_000);
    const saving = store.save(progress(7), { lease, effect: false });
    const closing = store.close();
    await expect(store.save(progress(8), { lease, effect: false })).rejects.toMatchObject({ kind: 'closed' });
    expect(await saving).toBe('written');
    await closing;
    const again = await openSqliteStore({ path });
    expect((await again.load('one'))?.progress).toBe(7);
    await again.close();
  }, 30_000);
});
