import { describe, expect, it } from 'vitest';
import { createEmulatorModel, type Fault, type FaultRule } from '../../../src/adapters/emulator/index.js';
import { createTestEmulator, runToRest } from '../../../src/adapters/testing/index.js';

const job = { workflowId: 'goal_lane.media_archive', files: { 'a.txt': 'x' } };
const add = (rule: FaultRule) => () => createEmulatorModel().faults.add(rule);

async function firedOf(...faults: readonly FaultRule[]) {
  const emulator = createTestEmulator({ faults });
  await runToRest(emulator.start(job));
  return { fired: emulator.faults.rules.map(({ fired }) => fired), emulator };
}

describe('a fault that can not befall an endpoint', () => {
  it.each<readonly [FaultRule, string]>([
    [
      { on: 'getStatus', fault: { kind: 'expired-url' } },
      'expired-url has no effect on status; allowed: download, storage',
    ],
    [
      { on: 'getStatus', fault: { kind: 'range-ignored' } },
      'range-ignored has no effect on status; allowed: storage',
    ],
    [
      { on: 'createJob', fault: { kind: 'wrong-result', body: 'half' } },
      'wrong-result has no effect on create',
    ],
    [{ on: 'loadCatalog', fault: { kind: 'version-conflict' } }, 'version-conflict has no effect on catalog'],
    [
      { on: 'loadCatalog', fault: { kind: 'url-not-yet-valid' } },
      'url-not-yet-valid has no effect on catalog',
    ],
    [{ on: 'storage', fault: { kind: 'empty-body' } }, 'empty-body has no effect on storage'],
    [{ on: ['status', 'storage'], fault: { kind: 'replica-lag' } }, 'replica-lag has no effect on storage'],
    [{ on: 'job', fault: [{ kind: 'hung' }, { kind: 'file-expired' }] }, 'file-expired has no effect on job'],
  ])('is refused: %j', (rule, said) => {
    expect(add(rule)).toThrow(TypeError);
    expect(add(rule)).toThrow(`fault rule 1: ${said}`);
  });

  it('is allowed on any request', () => {
    expect(add({ fault: { kind: 'expired-url' } })).not.toThrow();
  });
});

describe('conditions that never meet', () => {
  it('are refused: a method that the endpoint does not have', () => {
    const fault: Fault = { kind: 'http-error', status: 503 };
    expect(add({ on: 'getStatus', method: 'POST', fault })).toThrow(
      'fault rule 1: method is "POST", which on never has; allowed: GET',
    );
    expect(add({ on: ['status', 'slots'], method: 'patch', fault })).not.toThrow();
    expect(add({ on: 'storage', method: 'HEAD', fault })).not.toThrow();
    expect(add({ method: 'HEAD', fault })).not.toThrow();
  });

  it('are refused: more nth than times', () => {
    const fault: Fault = { kind: 'http-error', status: 503 };
    expect(add({ nth: [1, 2, 3], times: 2, fault })).toThrow('nth lists 3 requests, but times allows 2');
    expect(add({ nth: [1, 2], times: 2, fault })).not.toThrow();
    // The second request, once.
    expect(add({ nth: 2, times: 1, fault })).not.toThrow();
  });
});

describe('a rule has fired', () => {
  it('only where its fault had an effect', async () => {
    const { fired, emulator } = await firedOf(
      { fault: { kind: 'expired-url' }, nth: 1 },
      { on: 'getStatus', fault: { kind: 'stale-version' }, nth: 1 },
      { on: 'storage', fault: { kind: 'range-ignored' } },
      { on: 'getStatus', fault: { kind: 'slow-reply', delayMs: 10 }, nth: 2 },
    );
    expect(fired).toEqual([0, 0, 0, 1]);
    expect(() => emulator.faults.assertAllFired()).toThrow(
      /rule 1: expired-url on any request, nth 1: \d+ requests matched, and it was applied to 1 of 1, but had no effect on 1 of them/,
    );
  });

  it('not where another fault hid it', async () => {
    const hidden = await firedOf(
      { on: 'getStatus', nth: 1, fault: { kind: 'empty-body' } },
      { on: 'getStatus', nth: 1, fault: { kind: 'http-error', status: 503 } },
      { on: 'confirmJob', nth: 1, fault: { kind: 'http-error', status: 503 } },
      { on: 'confirmJob', nth: 1, fault: { kind: 'reset', when: 'before' } },
      { on: 'confirmJob', nth: 1, fault: { kind: 'hung' } },
    );
    expect(hidden.fired).toEqual([0, 1, 0, 1, 0]);
  });

  it('where what it did to the job stays, though its reply is lost', async () => {
    const { fired } = await firedOf(
      { on: 'confirmJob', nth: 1, fault: [{ kind: 'version-conflict' }, { kind: 'reset', when: 'after' }] },
      { on: 'createJob', nth: 1, fault: { kind: 'file-expired' } },
    );
    expect(fired).toEqual([1, 1]);
  });

  it.each<readonly [FaultRule['on'], Fault]>([
    ['create', { kind: 'connection-refused' }],
    ['status', { kind: 'reset', when: 'after' }],
    ['status', { kind: 'hung' }],
    ['status', { kind: 'slow-reply', delayMs: 5 }],
    ['status', { kind: 'cut-body' }],
    ['storage', { kind: 'cut-body' }],
    ['storage', { kind: 'unsized-body', framing: 'close' }],
    ['storage', { kind: 'content-encoding', encoding: 'gzip' }],
    ['status', { kind: 'http-error', status: 200 }],
    ['status', { kind: 'rate-limited', resetInMs: 5_000 }],
    ['create', { kind: 'too-many-jobs', resetInMs: 5_000 }],
    ['status', { kind: 'garbled-body', body: 'cut-json' }],
    ['status', { kind: 'redirect', to: '/x' }],
    ['status', { kind: 'other-speaker', who: 'waf' }],
    ['status', { kind: 'replica-lag' }],
    ['storage', { kind: 'url-not-yet-valid' }],
    ['storage', { kind: 'wrong-result', body: 'half' }],
    ['status', { kind: 'reset-format', format: 'iso' }],
    ['status', { kind: 'clock-skew', byMs: 5_000 }],
    ['status', { kind: 'hostile-headers', values: 'nan' }],
    ['status', { kind: 'missing-rate-headers' }],
    ['status', { kind: 'headers', set: { 'x-more': '1' } }],
    ['confirm', { kind: 'version-conflict' }],
    ['confirm', { kind: 'second-actor', does: 'confirms' }],
    ['create', { kind: 'file-expired' }],
    ['confirm', { kind: 'lingering', phase: 'confirming', forMs: 5_000 }],
    ['confirm', { kind: 'stuck', at: 0.5 }],
    ['status', { kind: 'job-fails', error: 'x' }],
    ['status', { kind: 'job-lost' }],
    ['confirm', { kind: 'repeated-checkpoint' }],
    ['download', { kind: 'retention-ended' }],
    ['storage', { kind: 'changed-result' }],
    ['status', { kind: 'unknown-status', word: 'queued' }],
    ['create', { kind: 'missing-fields', fields: ['status'] }],
    ['catalog', { kind: 'extra-fields' }],
    ['create', { kind: 'switched-spelling' }],
    ['confirm', { kind: 'empty-body' }],
    ['download', { kind: 'hostile-filename', filename: '../x' }],
    ['download', { kind: 'expired-url' }],
    ['storage', { kind: 'expired-url' }],
    ['status', { kind: 'changed-body', change: () => null }],
  ])('where it changed the exchange: on %s %j', async (on, fault) => {
    const emulator = createTestEmulator({ faults: [{ on, fault, nth: 1 }] });
    const running = emulator.start(job);
    await runToRest(running, { withinMs: 600_000 }).catch(() => running.detach());
    emulator.faults.assertAllFired();
  });
});
