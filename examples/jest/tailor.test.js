import { createTestEmulator, runToRest } from 'goal-lane/testing';
import { tailor } from './tailor.js';

const cv = { 'cv.txt': 'Ada Lovelace' };

/** Starts the code under test on the emulated API, in virtual time. */
function start(emulator, confirmRoles = () => 'Lead') {
  return tailor('cv.txt', confirmRoles, { ...emulator.options, ports: emulator.memoryPorts(cv) });
}

describe('tailor', () => {
  it('saves the result, with the roles confirmed', async () => {
    const emulator = createTestEmulator();
    const { outcome } = await runToRest(start(emulator));
    expect(outcome).toMatchObject({ status: 'completed', saved: { verified: true } });
    expect(emulator.results.size).toBe(1);
  });

  it('is told which file is not there', async () => {
    const emulator = createTestEmulator();
    const job = tailor('other.txt', () => 'Lead', { ...emulator.options, ports: emulator.memoryPorts(cv) });
    expect((await runToRest(job)).outcome).toMatchObject({ status: 'failed', failure: { kind: 'file' } });
  });

  it('answers again where somebody else has changed the job', async () => {
    const emulator = createTestEmulator({
      faults: [
        { on: 'fillSlots', nth: 1, fault: { kind: 'version-conflict' } },
        { on: 'getStatus', nth: [1, 3], fault: { kind: 'http-error', status: 503 } },
      ],
    });
    expect((await runToRest(start(emulator))).outcome?.status).toBe('completed');
    emulator.faults.assertAllFired();
  });
});
