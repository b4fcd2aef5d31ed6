import { beforeAll, describe, expect, it } from 'vitest';
import { currentOwner, isProcessGone } from '../../../src/engine/store/lease/process-liveness.js';
import { openSqliteStore } from '../../../src/engine/store/sqlite/sqlite-store.js';
import { openRaw } from '../../support/raw-database.js';
import { bundleStoreChild, useStoreChildren } from './child-process.js';
import { useStoreDirectory } from './store-directory.js';

const directory = useStoreDirectory();
const children = useStoreChildren();
beforeAll(bundleStoreChild);

describe('processes on one store file', () => {
  it('never have the same job, however they race for it', async () => {
    const path = directory.path('jobs.db');
    const racers = [1, 2, 3].map(() => children.start(['grab', path, '60']));
    for (const racer of racers) expect(await racer.next()).toBe('ready');
    for (const racer of racers) racer.go();
    const taken = await Promise.all(racers.map((racer) => racer.next()));
    const jobIds = taken.flat();
    expect(jobIds).toHaveLength(60);
    expect(new Set(jobIds).size).toBe(60);
    const store = await openSqliteStore({ path });
    const steps = (await store.list()).records.map((record) => [record.id, record.step]);
    const owners = racers.flatMap((racer, i) =>
      [taken[i]].flat().map((id) => [id, String(racer.process.pid)]),
    );
    expect(steps.sort()).toEqual(owners.sort());
    await store.close();
  }, 30_000);

  it('take over a killed one at once, a living one only after its silence, and refuse it then', async () => {
    const path = directory.path('jobs.db');
    const store = await openSqliteStore({ path, isGone: isProcessGone });
    const owner = currentOwner();
    const paused = children.start(['hold', path]);
    expect(await paused.next()).toBe(true);
    expect((await store.acquireLease('one', { owner, now: Date.now(), ttlMs: 1_000 })).acquired).toBe(false);
    const silent = new Map((await store.leases()).map((lease) => [lease.owner.id, lease.expiresAt]));
    const taken = await store.acquireLease('one', { owner, now: Date.now(), ttlMs: 1_000, silent });
    expect(taken).toMatchObject({ acquired: true, tookOverFrom: { pid: paused.process.pid } });
    paused.go();
    expect(await paused.next()).toBe('lease-lost');
    expect(await store.load('one')).toBeUndefined();

    if (taken.acquired) await store.releaseLease(taken.lease);
    const killed = children.start(['hold', path]);
    expect(await killed.next()).toBe(true);
    await killed.kill('SIGKILL');
    const answer = await store.acquireLease('one', { owner, now: Date.now(), ttlMs: 1_000 });
    expect(answer).toMatchObject({ acquired: true, tookOverFrom: { pid: killed.process.pid } });
    await store.close();
  }, 30_000);

  it('notice what the other has written, and not what they wrote themselves', async () => {
    const path = directory.path('jobs.db');
    const store = await openSqliteStore({ path });
    const changes: number[] = [];
    const stop = store.onChange?.(() => changes.push(Date.now()));
    const other = children.start(['hold', path]);
    expect(await other.next()).toBe(true);
    await expect.poll(() => changes.length, { timeout: 5_000 }).toBeGreaterThan(0);
    const before = changes.length;
    const owner = currentOwner();
    expect((await store.acquireLease('ours', { owner, now: Date.now(), ttlMs: 1_000 })).acquired).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(changes.length).toBe(before);
    other.go();
    expect(await other.next()).toBe('written');
    await expect.poll(() => changes.length, { timeout: 5_000 }).toBe(before + 1);
    expect((await store.load('one'))?.progress).toBe(1);
    stop?.();
    await store.close();
  }, 30_000);

  it('killed amid writes leave a sound file with the last effect that they announced', async () => {
    const path = directory.path('jobs.db');
    for (let round = 0; round < 6; round += 1) {
      const writer = children.start(['write', path]);
      let announced = 0;
      // 1,000 pages of log lie between two checkpoints: the later rounds are killed around those.
      for (let i = 0; i <= round * 25; i += 1) announced = Number(await writer.next());
      await writer.kill('SIGKILL');
      for (let line = await writer.next(); line !== undefined; line = await writer.next())
        announced = Number(line);
      expect(announced).toBeGreaterThan(round * 25);
      const raw = openRaw(path);
      expect(raw.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
      raw.close();
      const store = await openSqliteStore({ path, isGone: isProcessGone });
      expect((await store.load('one'))?.progress).toBeGreaterThanOrEqual(announced);
      await store.close();
    }
  }, 60_000);
});
