import { describe, expect, it } from 'vitest';
import type { EmulatedWorkflow, EmulatorModelOptions } from '../../../src/adapters/emulator/index.js';
import { DAY_MS, modelScene, START } from './model-scene.js';

describe('the course of a job', () => {
  const work: EmulatedWorkflow = {
    specId: 'w',
    name: 'W',
    description: '',
    supportedInputFormats: [],
    requiredSlots: [],
    maxInputSizeBytes: 100,
    minFileCount: 0,
    execution: { durationMs: 10_000, confirmingMs: 500 },
  };
  const asking = (checkpointId: string, at: number) => ({
    checkpointId,
    at,
    slots: [{ slotId: 'answer', type: 'text' as const }],
  });
  const withExecution = (execution: Partial<EmulatedWorkflow['execution']>) =>
    modelScene({ workflows: [{ ...work, execution: { ...work.execution, ...execution } }] });

  it('goes from pending over confirming and executing to completed, by time alone', () => {
    const { time, call, start } = withExecution({});
    const path = start('w');
    const word = () => call('GET', `${path}/status`).body.status;
    expect(word()).toBe('confirming');
    time.now = START + 499;
    expect(word()).toBe('confirming');
    time.now = START + 500;
    expect(word()).toBe('executing');
    time.now = START + 10_499;
    expect(word()).toBe('executing');
    time.now = START + 10_500;
    expect(word()).toBe('completed');
  });

  it('asks again and again at each checkpoint, raising the version, and clears the answers in between', () => {
    const checkpoints = [asking('first', 0.5), asking('second', 0.5), asking('third', 0.9)];
    const { time, call, start } = withExecution({ checkpoints });
    const path = start('w');
    time.now += 60_000;
    const ids: string[] = [];
    for (let status = call('GET', `${path}/status`).body; status.status === 'slot_needed'; ) {
      ids.push(status.checkpoint.checkpointId);
      expect(status.checkpoint.slots).toEqual([{ slotId: 'answer', type: 'text' }]);
      const confirm = (itemVersion: number) => call('POST', `${path}/confirm`, { itemVersion });
      expect(confirm(status.itemVersion).status).toBe(422);
      const slots = [{ slotId: 'answer', value: 'yes' }];
      const patched = call('PATCH', `${path}/slots`, { itemVersion: status.itemVersion, slots });
      expect(patched.body.itemVersion).toBe(status.itemVersion + 1);
      expect(confirm(patched.body.itemVersion).status).toBe(202);
      time.now += 60_000;
      status = call('GET', `${path}/status`).body;
    }
    expect(ids).toEqual(['first', 'second', 'third']);
    expect(call('GET', path).body).toMatchObject({ status: 'completed', itemVersion: 7 });
  });

  it('fails where the workflow says so, with a reason', () => {
    const { time, call, start } = withExecution({ fails: { at: 0.6, error: 'no text' } });
    const path = start('w');
    time.now += 6_499;
    expect(call('GET', `${path}/status`).body).toMatchObject({ status: 'executing', progress: 59 });
    time.now += 1;
    expect(call('GET', `${path}/status`).body).toEqual({ status: 'failed', error: 'no text' });
  });

  it.each([
    ['linear', (seen: number[]) => seen.every((value, i) => value >= (seen[i - 1] ?? 0))],
    ['noisy', (seen: number[]) => seen.some((value, i) => value < (seen[i - 1] ?? 0))],
    ['stalling', (seen: number[]) => new Set(seen).size <= 8 && Math.max(...seen) > 90],
    ['absent', (seen: (number | undefined)[]) => seen.every((value) => value === undefined)],
  ] as const)('shows %s progress', (curve, holds) => {
    const { time, call, start } = withExecution({ curve });
    const path = start('w');
    time.now += 500;
    const seen = Array.from({ length: 50 }, () => {
      time.now += 199;
      return call('GET', `${path}/status`).body.progress;
    });
    expect(holds(seen)).toBe(true);
    for (const value of seen) if (value !== undefined) expect(value).toBeLessThanOrEqual(99);
  });

  it('runs faster by `speed`, and draws durations for each job', () => {
    let drawn = 0;
    const durationMs = () => {
      drawn += 1_000;
      return drawn;
    };
    const workflows = [{ ...work, execution: { ...work.execution, durationMs } }];
    const { time, call, start } = modelScene({ workflows, speed: 10 });
    const [short, long] = [start('w'), start('w')];
    time.now += 50 + 100;
    expect(call('GET', `${short}/status`).body.status).toBe('completed');
    expect(call('GET', `${long}/status`).body.status).toBe('executing');
    time.now += 100;
    expect(call('GET', `${long}/status`).body.status).toBe('completed');
  });

  it('keeps the result for 24 hours from completion', () => {
    const { time, call, start } = withExecution({});
    const path = start('w');
    time.now += 10_500 + DAY_MS - 1;
    expect(call('GET', `${path}/download`).status).toBe(200);
    time.now += 1;
    expect(call('GET', `${path}/download`).status).toBe(410);
  });
});

describe('what the reference leaves open is an option', () => {
  it('confirms without a body', () => {
    const { create, call } = modelScene({ confirmBody: false });
    const { body } = create('goal_lane.resume_tailor');
    const reply = call('POST', `/jobs/goal/${body.jobSpecId}/confirm`, { itemVersion: 1 });
    expect(reply).toMatchObject({ status: 202, body: undefined });
  });

  it('raises the version at a confirm', () => {
    const { start, call } = modelScene({ confirmRaisesVersion: true });
    expect(call('GET', start('goal_lane.resume_tailor')).body.itemVersion).toBe(2);
  });

  it('shows the version with every status', () => {
    const { start, call } = modelScene({ versionInEveryStatus: true });
    expect(call('GET', `${start('goal_lane.resume_tailor')}/status`).body.itemVersion).toBe(1);
  });

  it('writes the reset in five ways', () => {
    const reset = (options: EmulatorModelOptions) =>
      modelScene(options).call('GET', '/jobs/goal/none/status').headers['x-ratelimit-reset'];
    const at = START + 60_000;
    expect(reset({ resetFormat: 'epoch-s' })).toBe(String(at / 1000));
    expect(reset({ resetFormat: 'epoch-ms' })).toBe(String(at));
    expect(reset({ resetFormat: 'delta-s' })).toBe('60');
    expect(reset({ resetFormat: 'http-date' })).toBe('Mon, 30 Mar 2026 12:01:00 GMT');
    expect(reset({ resetFormat: 'iso' })).toBe('2026-03-30T12:01:00.000Z');
  });
});
