import { runBrowserJob } from 'goal-lane/browser';
import { createEmulatorAdapter, createEmulatorModel } from 'goal-lane/emulator';
import { systemClock } from 'goal-lane/job';
import { createTestEmulator, memoryFiles, runToRest } from 'goal-lane/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { tailor } from './tailor.js';

const cv = { 'cv.txt': 'Ada Lovelace' };

/** Starts the code under test on the emulated API, in virtual time. */
function start(emulator, confirmRoles = () => 'Lead') {
  return tailor('cv.txt', confirmRoles, { ...emulator.options, ports: emulator.memoryPorts(cv) });
}

describe('tailor', () => {
  it('saves the result, with the roles confirmed', async () => {
    const emulator = createTestEmulator();
    const seen = [];
    const job = start(emulator, (preview) => {
      seen.push(preview);
      return 'Lead';
    });
    const { outcome } = await runToRest(job);
    expect(outcome).toMatchObject({ status: 'completed', saved: { verified: true } });
    expect(seen).toEqual(['Detected roles: Senior Engineer, Tech Lead...']);
    expect(emulator.results.size).toBe(1);
  });

  it('waits out a limit of two hours, in milliseconds', async () => {
    const emulator = createTestEmulator();
    emulator.faults.add({ on: 'createJob', nth: 1, fault: { kind: 'rate-limited', resetInMs: 7_200_000 } });
    const before = emulator.clock.now();
    expect((await runToRest(start(emulator))).outcome?.status).toBe('completed');
    expect(emulator.clock.now() - before).toBeGreaterThan(7_200_000);
    emulator.faults.assertAllFired();
  });

  it('answers again where somebody else has changed the job', async () => {
    const emulator = createTestEmulator({
      faults: [
        { on: 'fillSlots', nth: 1, fault: { kind: 'version-conflict' } },
        { on: 'getStatus', nth: [1, 3], fault: { kind: 'http-error', status: 503 } },
      ],
    });
    expect((await runToRest(start(emulator))).outcome?.status).toBe('completed');
    expect(emulator.log.filter(({ endpoint }) => endpoint === 'create')).toHaveLength(1);
    emulator.faults.assertAllFired();
  });

  it('asks a person where nobody can know whether the job was created', async () => {
    const emulator = createTestEmulator();
    emulator.faults.add({ on: 'createJob', fault: { kind: 'reset', when: 'after' } });
    const job = start(emulator);
    expect((await runToRest(job)).view).toMatchObject({
      needs: 'decision',
      path: 'preparing.outcomeUnknown',
    });
    await job.detach();
  });
});

describe('with the fake timers of vitest', () => {
  afterEach(() => vi.useRealTimers());

  it('runs a job on the clock of the system', async () => {
    // `performance` as well: the clock of the system goes by it. No `setImmediate`: axios and streams need theirs.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
    const model = createEmulatorModel();
    const adapter = createEmulatorAdapter(model, { clock: systemClock });
    const client = { apiKey: model.apiKey, baseUrl: model.apiUrl, adapter };
    const files = memoryFiles(cv);
    const job = runBrowserJob({ client, job: { workflowId: 'goal_lane.media_archive', files } });
    let isOver = false;
    void job.result().then(() => {
      isOver = true;
    });
    while (!isOver) await vi.advanceTimersByTimeAsync(100);
    expect(await job.result()).toMatchObject({ status: 'completed' });
  });
});
