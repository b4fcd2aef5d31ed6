import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSteadyTime } from '../../../src/services/time/steady-time.js';

const START = Date.UTC(2026, 2, 30, 12);
const HOUR_MS = 3_600_000;

/** A machine whose time passes, whose wall clock can be set, and which can sleep. */
function createMachine() {
  const machine = { passed: 500, setMs: 0, slept: 0 };
  const time = createSteadyTime({
    wall: () => START + machine.passed + machine.setMs + machine.slept,
    monotonic: () => machine.passed,
  });
  const steps: number[] = [];
  time.onStep((byMs) => steps.push(byMs));
  return { machine, time, steps, knowSleep: () => time.knowSleep(() => machine.passed + machine.slept) };
}

describe('steady time', () => {
  it('goes by what has passed, whatever is done to the wall clock', () => {
    const change = fc.record({
      passes: fc.integer({ min: 0, max: 100_000 }),
      setMs: fc.oneof(fc.integer({ min: -HOUR_MS, max: HOUR_MS }), fc.constantFrom(0, 20_000, -20_000, 900)),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const { machine, time } = createMachine();
        const began = time.now();
        for (const { passes, setMs } of changes) {
          machine.passed += passes;
          machine.setMs += setMs;
          expect(time.now() - began).toBe(machine.passed - 500);
          // What it knows of the wall clock is never off by more than a step that is too small to be noticed.
          expect(
            Math.abs(time.now() + time.wallOffset() - START - machine.passed - machine.setMs),
          ).toBeLessThan(1_000);
        }
      }),
    );
  });

  it('begins with the time of the wall clock', () => {
    const { time } = createMachine();
    expect([time.now(), time.wallOffset()]).toEqual([START + 500, 0]);
  });

  it('reports each step once, with its size', () => {
    const { machine, time, steps } = createMachine();
    machine.setMs = -HOUR_MS;
    time.now();
    time.now();
    machine.setMs = 20_000;
    time.now();
    machine.setMs += 900;
    time.now();
    expect(steps).toEqual([-HOUR_MS, HOUR_MS + 20_000]);
  });

  it('follows a clock that drifts away bit by bit', () => {
    const { machine, time, steps } = createMachine();
    for (let second = 0; second < 1_000; second += 1) {
      machine.passed += 1_000;
      machine.setMs += 10;
      time.now();
    }
    expect(time.now()).toBe(START + 500 + 1_000_000);
    expect(steps.reduce((sum, step) => sum + step, 0)).toBe(10_000);
  });

  it('does not take for a step that the process stood still between its two readings', () => {
    let passed = 0;
    let standsStill = 0;
    const time = createSteadyTime({
      wall: () => {
        const read = START + passed;
        passed += standsStill;
        standsStill = 0;
        return read;
      },
      monotonic: () => passed,
    });
    const steps: number[] = [];
    time.onStep((byMs) => steps.push(byMs));
    standsStill = 5_000;
    expect(time.now()).toBe(START + 5_000);
    expect([time.wallOffset(), steps]).toEqual([0, []]);
  });

  it('counts sleep of the machine as time if the platform reports it', () => {
    const { machine, time, steps, knowSleep } = createMachine();
    machine.passed += 10_000;
    knowSleep();
    machine.slept = 8 * HOUR_MS;
    expect(time.now()).toBe(START + 10_500 + 8 * HOUR_MS);
    expect([time.wallOffset(), steps]).toEqual([0, []]);
    // Asleep, and set meanwhile.
    machine.slept += HOUR_MS;
    machine.setMs = 2 * HOUR_MS;
    expect(time.now()).toBe(START + 10_500 + 9 * HOUR_MS);
    expect(steps).toEqual([2 * HOUR_MS]);
  });

  it('takes unreported sleep for a clock that was set: nothing is due earlier', () => {
    const { machine, time, steps } = createMachine();
    machine.slept = HOUR_MS;
    expect(time.now()).toBe(START + 500);
    expect(steps).toEqual([HOUR_MS]);
  });
});
