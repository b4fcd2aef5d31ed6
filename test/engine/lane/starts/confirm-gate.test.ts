import { describe, expect, it } from 'vitest';
import {
  type ConfirmGate,
  confirmPassing,
  confirmRefusedAt,
  confirmTaken,
  placeGivenBack,
} from '../../../../src/engine/lane/starts/confirm-gate.js';

/** The same gate from one question to the next. */
function gateScene() {
  let gate: ConfirmGate = null;
  return {
    mayPass(now: number): boolean {
      const passed = confirmPassing(gate, now);
      if (passed !== undefined) gate = passed;
      return passed !== undefined;
    },
    refused(now: number): void {
      gate = confirmRefusedAt(gate, now);
    },
    passed(): void {
      gate = confirmTaken(gate);
    },
    freed(): void {
      gate = placeGivenBack(gate);
    },
  };
}

describe('the gate before confirms', () => {
  it('is open until one is refused, and opens for one when a job ends', () => {
    const gate = gateScene();
    expect([gate.mayPass(0), gate.mayPass(0)]).toEqual([true, true]);
    gate.refused(0);
    expect(gate.mayPass(10_000)).toBe(false);
    gate.freed();
    expect([gate.mayPass(10_000), gate.mayPass(10_000)]).toEqual([true, false]);
  });

  it('stays shut when a confirm is accepted that was sent before', () => {
    const gate = gateScene();
    gate.refused(0);
    gate.passed();
    expect(gate.mayPass(10_000)).toBe(false);
    gate.mayPass(30_000);
    gate.refused(30_000);
    gate.passed();
    expect(gate.mayPass(40_000)).toBe(false);
  });

  it('asks less and less often, down to every quarter of an hour', () => {
    const gate = gateScene();
    const pauses: number[] = [];
    for (let [turn, now] = [0, 0]; turn < 8; turn += 1) {
      gate.refused(now);
      let pause = 1_000;
      while (!gate.mayPass(now + pause)) pause += 1_000;
      pauses.push(pause);
      now += pause;
    }
    expect(pauses.map((pause) => pause / 1_000)).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
  });

  it('asks again after a while, and opens where the answer is yes', () => {
    const gate = gateScene();
    gate.refused(0);
    expect([gate.mayPass(30_000), gate.mayPass(30_000)]).toEqual([true, false]);
    gate.refused(31_000);
    expect(gate.mayPass(70_000)).toBe(false);
    expect(gate.mayPass(91_000)).toBe(true);
    gate.passed();
    expect([gate.mayPass(91_000), gate.mayPass(91_000)]).toEqual([true, true]);
  });
});
