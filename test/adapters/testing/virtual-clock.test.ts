import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../../src/adapters/testing/index.js';
import { waitUntil } from '../../../src/engine/binding/clock.js';

const never = new AbortController().signal;

describe('a virtual clock', () => {
  it('moves from timer to timer, in their order, and not by itself', async () => {
    const clock = createVirtualClock({ startAt: 1_000 });
    const fired: [string, number][] = [];
    const at = (ms: number, name: string) => clock.schedule(ms, () => fired.push([name, clock.now()]));
    at(9_000, 'last');
    at(2_000, 'first');
    at(2_000, 'second');
    at(0, 'past');
    const cancel = at(3_000, 'cancelled');
    cancel();
    await sleep(5);
    expect([clock.now(), fired, clock.pending()]).toEqual([1_000, [], 4]);
    expect(await clock.step()).toBe(true);
    await clock.advance(1_500);
    expect(clock.now()).toBe(2_500);
    expect(fired).toEqual([
      ['past', 1_000],
      ['first', 2_000],
      ['second', 2_000],
    ]);
    expect(await clock.runUntil(() => fired.length === 4)).toBe(true);
    expect([clock.now(), clock.pending(), await clock.step()]).toEqual([9_000, 0, false]);
  });

  it('says where it could not come to what was asked', async () => {
    const clock = createVirtualClock();
    clock.schedule(clock.now() + 60_000, () => undefined);
    expect(await clock.runUntil(() => false, 59_000)).toBe(false);
    expect(await clock.runUntil(() => false)).toBe(false);
    await expect(clock.run(new Promise(() => undefined))).rejects.toThrow(/No timer is left/);
  });

  it('lets time pass until a promise has settled, and settles as it does', async () => {
    const clock = createVirtualClock({ startAt: 0 });
    const waited = waitUntil(clock, 86_400_000, never).then(() => 'a day later');
    expect(await clock.run(waited)).toBe('a day later');
    const failed = waitUntil(clock, 90_000_000, never).then(() => Promise.reject(new Error('as scripted')));
    await expect(clock.run(failed)).rejects.toThrow('as scripted');
    expect(clock.now()).toBe(90_000_000);
  });
});

describe('work in flight', () => {
  it('is not overtaken: the clock stands while a disk reads', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'goal-lane-clock-'));
    const path = join(folder, 'large');
    await writeFile(path, new Uint8Array(3_000_000));
    const clock = createVirtualClock({ startAt: 0 });
    let isLate = false;
    const reading = clock.work.run('reading', async () => {
      const cancel = clock.work.limit(30_000, () => {
        isLate = true;
      });
      const file = await open(path);
      let bytes = 0;
      for await (const chunk of file.createReadStream({ highWaterMark: 4_096 })) bytes += chunk.length;
      cancel();
      return bytes;
    });
    clock.schedule(60_000, () => undefined);
    await clock.step();
    expect(await reading).toBe(3_000_000);
    expect([isLate, clock.now()]).toEqual([false, 60_000]);
    await rm(folder, { recursive: true });
  });

  it('lets time pass where it waits for the clock itself, though not to a limit before that', async () => {
    const clock = createVirtualClock({ startAt: 0 });
    const order: string[] = [];
    const work = clock.work.run('work', async () => {
      clock.work.limit(5_000, () => order.push('limit at 5 s'));
      order.push(`busy ${clock.busy()}`);
      await waitUntil(clock, 1_000, never);
      order.push(`woken, busy ${clock.busy()}`);
      await sleep(10);
      order.push(`done at ${clock.now()}`);
    });
    await clock.advance(10_000);
    await work;
    expect(order).toEqual(['busy work', 'woken, busy work', 'done at 1000', 'limit at 5 s']);
  });

  it('counts the inner work in the place of the outer', async () => {
    const clock = createVirtualClock({ startAt: 0 });
    const outer = clock.work.run('outer', async () => {
      await clock.work.run('inner', () => waitUntil(clock, 1_000, never));
      expect(clock.busy()).toEqual(['outer']);
      await sleep(5);
      return clock.now();
    });
    clock.schedule(2_000, () => undefined);
    await clock.runUntil(() => clock.now() === 2_000);
    expect(await outer).toBe(1_000);
    expect(clock.busy()).toEqual([]);
  });

  it('is named where the clock stands for too long', async () => {
    const clock = createVirtualClock({ patienceMs: 30 });
    const hanging = clock.work.run('saveResult', () => new Promise(() => undefined));
    clock.schedule(clock.now() + 1, () => undefined);
    await expect(clock.step()).rejects.toThrow(
      /The clock stands still: saveResult has been in flight for 30 ms/,
    );
    void hanging;
  });

  it('is over when it fails', async () => {
    const clock = createVirtualClock();
    await expect(clock.work.run('x', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(clock.busy()).toEqual([]);
  });
});
