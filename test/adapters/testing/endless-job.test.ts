import { describe, expect, it } from 'vitest';
import { createEmulatorModel } from '../../../src/adapters/emulator/index.js';
import { createTestEmulator, runToRest } from '../../../src/adapters/testing/index.js';

const job = { workflowId: 'goal_lane.media_archive', files: { 'a.txt': 'x' } };
const endless = () => {
  const emulator = createTestEmulator({ faults: [{ on: 'confirm', fault: { kind: 'stuck' } }] });
  return { emulator, running: emulator.start(job) };
};

describe('a job that never ends', () => {
  it('is given up by default before a test runner gives up the test', async () => {
    const { running } = endless();
    const began = performance.now();
    await expect(runToRest(running)).rejects.toThrow(
      /^The job \S+ has not come to rest after \d+ ms of its time and 3000 ms of real time \(withinRealMs\): it is in executing\./,
    );
    expect(performance.now() - began).toBeLessThan(4_000);
    await running.detach();
  });

  it('is given up earlier, or later, as configured', async () => {
    const { emulator, running } = endless();
    await expect(runToRest(running, { withinRealMs: 0 })).rejects.toThrow(/ 0 ms of real time/);
    const passed = emulator.clock.now() - Date.UTC(2026, 2, 30, 12);
    expect(passed).toBeGreaterThan(600_000);
    await expect(
      runToRest(running, { withinMs: 4_000_000, withinRealMs: Number.POSITIVE_INFINITY }),
    ).rejects.toThrow(/after 4000000 ms of its time:/);
    await running.detach();
  });
});

describe('the log', () => {
  it('does not grow without end', () => {
    const model = createEmulatorModel();
    const request = { method: 'GET', path: '/api/v1/workflows/nothing', headers: {} };
    for (let index = 0; index < 100_001; index += 1) model.handle(request, index);
    expect(model.log).toHaveLength(90_001);
    expect([model.log[0]?.index, model.log.at(-1)?.index]).toEqual([10_000, 100_000]);
  });
});
