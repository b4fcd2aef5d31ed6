import { describe, expect, it } from 'vitest';
import { createTestEmulator, createVirtualClock, runToRest } from '../../../src/adapters/testing/index.js';

const DAY_MS = 86_400_000;
const job = { workflowId: 'goal_lane.media_archive', files: { 'a.txt': 'x' } };

describe('a limit of virtual time', () => {
  it('is never passed: a timer beyond it does not fire', async () => {
    const clock = createVirtualClock({ startAt: 0 });
    const fired: number[] = [];
    clock.schedule(500, () => fired.push(clock.now()));
    clock.schedule(DAY_MS, () => fired.push(clock.now()));
    expect(await clock.runUntil(() => false, 1_000)).toBe(false);
    expect([clock.now(), fired, clock.pending()]).toEqual([1_000, [500], 1]);
    expect(await clock.runUntil(() => fired.length === 2, DAY_MS)).toBe(true);
    expect(clock.now()).toBe(DAY_MS);
  });

  it('is reached by a timer exactly at it', async () => {
    const clock = createVirtualClock({ startAt: 0 });
    let isFired = false;
    clock.schedule(1_000, () => {
      isFired = true;
    });
    expect(await clock.runUntil(() => isFired, 1_000)).toBe(true);
  });

  it('lets no time pass where there is nothing to wait for, not even a timer that is never due', async () => {
    const clock = createVirtualClock({ startAt: 0 });
    expect(await clock.runUntil(() => false, 1_000)).toBe(false);
    clock.schedule(Number.POSITIVE_INFINITY, () => undefined);
    expect([await clock.step(), await clock.runUntil(() => false), clock.now()]).toEqual([
      false,
      false,
      7 * DAY_MS,
    ]);
  });

  it('holds for a job, too', async () => {
    const emulator = createTestEmulator();
    const limited = { kind: 'rate-limited', resetInMs: DAY_MS } as const;
    emulator.faults.add({ on: 'createJob', fault: limited, nth: 1 });
    const began = emulator.clock.now();
    const run = runToRest(emulator.start(job), { withinMs: 1_000 });
    await expect(run).rejects.toThrow(/after 1000 ms of its time: it is in .*rateLimited/);
    expect(emulator.clock.now() - began).toBe(1_000);
  });
});

describe('a time that is none', () => {
  it.each([-5, Number.NaN, Number.POSITIVE_INFINITY])('%s is not advanced by', async (ms) => {
    const clock = createVirtualClock({ startAt: 7 });
    await expect(clock.advance(ms)).rejects.toThrow(
      new RangeError(`advance: ms is ${ms}; allowed: a finite number from 0, in ms`),
    );
    expect(clock.now()).toBe(7);
  });

  it.each([-1, Number.NaN])('%s is no limit', async (ms) => {
    const clock = createVirtualClock();
    const emulator = createTestEmulator();
    await expect(clock.runUntil(() => true, ms)).rejects.toThrow(/withinMs is .*; allowed: a number from 0/);
    const started = emulator.start(job);
    await expect(runToRest(started, { withinMs: ms })).rejects.toThrow(/^withinMs is /);
    await expect(runToRest(started, { withinRealMs: ms })).rejects.toThrow(/^withinRealMs is /);
    expect(() => createVirtualClock({ patienceMs: ms })).toThrow(/^patienceMs is /);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('%s is no start', (startAt) => {
    expect(() => createVirtualClock({ startAt })).toThrow(
      new RangeError(`startAt is ${startAt}; allowed: a finite number of ms since 1970 (epoch ms)`),
    );
  });

  it('NaN is no time of a timer', () => {
    expect(() => createVirtualClock().schedule(Number.NaN, () => undefined)).toThrow(/the time is NaN/);
  });
});
