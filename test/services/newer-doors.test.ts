import { describe, expect, it } from 'vitest';
import { runBrowserJob } from '../../src/adapters/browser/index.js';
import { createFleetClient } from '../../src/adapters/restate/index.js';
import { createTestEmulator, memoryFiles } from '../../src/adapters/testing/index.js';
import { startGoalJob } from '../../src/engine/job/index.js';
import { InvalidInputError } from '../../src/services/index.js';

/** Boundary: what a host in JavaScript may pass. */
const odd = <Value>(value: unknown): Value => value as Value;
const workflowId = 'goal_lane.resume_tailor';

describe('law 6: a client of a fleet', () => {
  it.each([
    ['ingress', ['', 'localhost:8080', 7, null, 'ftp://127.0.0.1']],
    ['admin', ['nowhere', 7, null]],
    ['key', ['', ' ', 7, null]],
    ['headers', [7, null, ['a'], 'a: b', { 'a b': 'c' }, { a: 'b\r\nc: d' }]],
  ])('refuses %s by name where it cannot be meant', (option, values) => {
    for (const value of values) {
      expect(() => createFleetClient(odd({ [option]: value }))).toThrow(InvalidInputError);
      expect(() => createFleetClient(odd({ [option]: value }))).toThrow(new RegExp(`^${option} is `));
    }
  });

  it.each([undefined, null, 7, 'x', []])('refuses %j as a job', async (job) => {
    const fleet = createFleetClient();
    await expect(fleet.start(odd(job))).rejects.toThrow(InvalidInputError);
    fleet.close();
  });

  it('refuses an id that neither a URL nor a store can hold', async () => {
    const fleet = createFleetClient();
    const started = fleet.start({ id: 'half-\ud800', workflowId, files: ['a.txt'] });
    await expect(started).rejects.toThrow(/id is .*whole characters/);
    const emulator = createTestEmulator();
    const input = { workflowId, files: ['a.txt'] };
    expect(() => startGoalJob({ id: 'half-\ud800', ports: emulator.ports(), input })).toThrow(
      InvalidInputError,
    );
    fleet.close();
  });
});

describe('law 6: files in memory', () => {
  it.each([null, undefined, 7, {}, ['a'], new Date(0)])('refuse %j as their content, by name', (content) => {
    expect(() => memoryFiles(odd({ 'cv.txt': content }))).toThrow(InvalidInputError);
    expect(() => memoryFiles(odd({ 'cv.txt': content }))).toThrow(/content of "cv.txt" is/);
  });

  it.each([undefined, null, 'cv.txt', ['cv.txt']])('refuse %j in the place of files', (files) => {
    const emulator = createTestEmulator();
    expect(() => emulator.start(odd({ workflowId, files }))).toThrow(InvalidInputError);
    if (files !== undefined) expect(() => emulator.memoryPorts(odd(files))).toThrow(InvalidInputError);
  });

  it.each([undefined, null, 7, 'x'])('refuse %j as a job', (job) => {
    expect(() => createTestEmulator().start(odd(job))).toThrow(InvalidInputError);
  });

  it('are Blobs in a browser, and the job says which is none', async () => {
    const { apiKey, baseUrl, adapter } = createTestEmulator();
    const files = odd<Record<string, Blob>>({ 'cv.txt': 'Ada' });
    const job = runBrowserJob({ client: { apiKey, baseUrl, adapter }, job: { workflowId, files } });
    const output = await job.result();
    expect(output).toMatchObject({ status: 'failed', failure: { kind: 'file' } });
    expect(JSON.stringify(output)).toContain('cv.txt: what is registered under this name is not a Blob');
  });
});
