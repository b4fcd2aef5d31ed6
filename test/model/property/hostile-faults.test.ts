import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEmulatorModel, type Fault } from '../../../src/adapters/emulator/index.js';
import { HOSTILE_FAULTS } from './hostile-faults.js';

const START = Date.UTC(2026, 2, 30, 12);

/** A job that has completed, on a server on which these faults befall everything. */
function ask(faults: readonly Fault[]) {
  const model = createEmulatorModel();
  const headers = { authorization: `Bearer ${model.apiKey}` };
  const api = (method: string, path: string, body: unknown, now: number) =>
    model.handle({ method, path: `/api/v1${path}`, headers, body: JSON.stringify(body) }, now);
  const fileIds = [model.registerUpload({ name: 'a.txt', bytes: Buffer.from('hello') }, START)];
  api('POST', '/jobs/goal', { workflowId: 'goal_lane.media_archive', fileIds }, START);
  api('POST', '/jobs/goal/job_1/confirm', { itemVersion: 1 }, START);
  const now = START + 60_000;
  const { url } = JSON.parse(api('GET', '/jobs/goal/job_1/download', undefined, now).text);
  model.faults.add({ fault: faults });
  const { pathname, search } = new URL(url);
  return [
    ...['/workflows/catalog', '/jobs/goal/job_1/status', '/jobs/goal/job_1', '/jobs/goal/job_1/download'].map(
      (path) => model.exchange('api', { method: 'GET', path: `/api/v1${path}`, headers }, now),
    ),
    model.exchange('storage', { method: 'GET', path: `${pathname}${search}`, headers: {} }, now),
  ];
}

describe('the hostile faults that can be drawn', () => {
  it('are answered by the model, whatever meets whatever', () => {
    const several = fc.array(fc.oneof(...HOSTILE_FAULTS), { minLength: 1, maxLength: 3 });
    const kinds = new Set<string>();
    fc.assert(
      fc.property(several, (faults) => {
        for (const { kind } of faults) kinds.add(kind);
        for (const delivery of ask(faults)) {
          expect(delivery.fate).toBe('reply');
          expect(delivery.reply?.status).toBeGreaterThanOrEqual(200);
        }
      }),
      { seed: 1, numRuns: 300 },
    );
    expect([...kinds].sort()).toEqual([
      'content-encoding',
      'http-error',
      'other-speaker',
      'replica-lag',
      'stale-version',
      'unsized-body',
      'url-not-yet-valid',
      'wrong-result',
    ]);
  });
});
