import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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
    const seen = [];
    const job = start(emulator, (preview) => {
      seen.push(preview);
      return 'Lead';
    });
    const { outcome } = await runToRest(job);
    assert.equal(outcome?.status, 'completed');
    assert.deepEqual(seen, ['Detected roles: Senior Engineer, Tech Lead...']);
    assert.equal(emulator.results.size, 1);
  });

  it('answers again where somebody else has changed the job', async () => {
    const emulator = createTestEmulator({
      faults: [
        { on: 'fillSlots', nth: 1, fault: { kind: 'version-conflict' } },
        { on: 'getStatus', nth: [1, 3], fault: { kind: 'http-error', status: 503 } },
      ],
    });
    assert.equal((await runToRest(start(emulator))).outcome?.status, 'completed');
    emulator.faults.assertAllFired();
  });

  it('would not pass without its fault', async () => {
    const emulator = createTestEmulator();
    emulator.faults.add({ on: 'getDownload', nth: 7, fault: { kind: 'hung' } });
    await runToRest(start(emulator));
    assert.throws(
      () => emulator.faults.assertAllFired(),
      /rule 1: hung on getDownload, nth 7: 1 request matched/,
    );
  });

  it('refuses a fault that there is not', () => {
    assert.throws(
      () => createTestEmulator({ faults: [{ on: 'getStatus', fault: { kind: 'nonsense' } }] }),
      /fault rule 1: fault.kind is "nonsense"; allowed: /,
    );
  });
});
