import { describe, expect, it } from 'vitest';
import { systemClock, wallOffsetOf } from '../../../src/engine/binding/clock.js';
import { inClockTime, logSteps, stepInWords } from '../../../src/engine/binding/clock-steps.js';
import type { Logger } from '../../../src/services/logger.js';
import { createSteppingClock } from '../../support/stepping-clock.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

describe('a step of the wall clock, in words', () => {
  it.each([
    [-3_600_000, 'set back by 3600 s'],
    [3_600_000, 'set forward by 3600 s'],
    [1_499, 'set forward by 1 s'],
    [-1_500, 'set back by 2 s'],
    [0, 'set forward by 0 s'],
  ])('%i ms', (byMs, words) => {
    expect(stepInWords(byMs)).toBe(words);
  });
});

function steps() {
  const truth = createVirtualClock();
  const clock = createSteppingClock(truth);
  const seen: number[] = [];
  const stop = clock.onStep?.((byMs) => seen.push(byMs));
  /** A reading of the time notices what was done before. */
  const look = () => wallOffsetOf(clock);
  look();
  return { truth, clock, seen, stop, look };
}

describe('a clock that is never set', () => {
  it.each([
    ['back by an hour', -3_600_000],
    ['forward by a day', 86_400_000],
    ['back by ten years', -315_360_000_000],
  ])('reports a step of the wall clock once: %s', async (_name, byMs) => {
    const { truth, clock, seen, look } = steps();
    const began = clock.now();
    clock.set(byMs);
    expect(look()).toBeCloseTo(byMs, -3);
    expect(clock.now()).toBe(began);
    await truth.advance(5_000);
    look();
    expect(seen).toHaveLength(1);
    expect(seen[0]).toBeCloseTo(byMs, -3);
  });

  it('reports each of two steps, and their sum', () => {
    const { clock, seen, look } = steps();
    clock.set(-600_000);
    look();
    clock.set(3_600_000);
    expect(look()).toBeCloseTo(3_000_000, -3);
    expect(seen.map((byMs) => Math.round(byMs / 1_000))).toEqual([-600, 3_600]);
  });

  it('calls no listener that has unsubscribed', () => {
    const { clock, seen, stop, look } = steps();
    stop?.();
    clock.set(-600_000);
    look();
    expect(seen).toEqual([]);
  });

  it('takes sleep for time that has passed, and reports no step', () => {
    const { clock, seen, look } = steps();
    const began = clock.now();
    clock.sleep(600_000);
    look();
    expect(clock.now() - began).toBeGreaterThan(590_000);
    expect(seen).toEqual([]);
  });

  it('says in the log what was done to it, until that is ended', () => {
    const { clock, look } = steps();
    const lines: unknown[][] = [];
    const say = (...line: unknown[]): void => void lines.push(line);
    const logger: Logger = { debug: say, info: say, warn: say, error: say, child: () => logger };
    const stop = logSteps(clock, logger);
    clock.set(-3_600_000);
    look();
    expect(lines).toHaveLength(1);
    expect(lines[0]?.[1]).toBe('the wall clock was set back by 3600 s: waits end when their time has passed');
    stop();
    clock.set(3_600_000);
    look();
    expect(lines).toHaveLength(1);
  });

  it('keeps a deadline where the host put it, by the wall clock of that moment', () => {
    const { clock, look } = steps();
    clock.set(3_600_000);
    look();
    const { deadlineAt } = inClockTime(clock, { deadlineAt: clock.wall() + 5_000 });
    expect((deadlineAt ?? 0) - clock.now()).toBeCloseTo(5_000, -2);
    expect(inClockTime(clock, {})).toEqual({});
  });
});

describe('the clock of this process', () => {
  it('goes forward with the wall clock, and fires what is due', async () => {
    const began = systemClock.now();
    expect(Math.abs(began - Date.now())).toBeLessThan(60_000);
    const firedAt = await new Promise<number>((resolve) =>
      systemClock.schedule(began, () => resolve(systemClock.now())),
    );
    expect(firedAt).toBeGreaterThanOrEqual(began);
  });

  it('forgets what is cancelled', async () => {
    const fired: string[] = [];
    const cancel = systemClock.schedule(systemClock.now(), () => fired.push('cancelled'));
    cancel();
    await new Promise<void>((resolve) => systemClock.schedule(systemClock.now() + 1, resolve));
    expect(fired).toEqual([]);
  });
});
