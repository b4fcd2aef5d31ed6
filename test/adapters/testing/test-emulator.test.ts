import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { createTestEmulator, memoryFiles, runToRest } from '../../../src/adapters/testing/index.js';
import { bindPorts, runGoalJob } from '../../../src/index.js';
import { readZip } from '../emulator/read-zip.js';

const cv = { 'cv.txt': 'Ada' };
const tailor = { workflowId: 'goal_lane.resume_tailor', files: cv };
const archive = { workflowId: 'goal_lane.media_archive', files: cv };

describe('the emulator of a test', () => {
  it('runs a job from files in memory to a result in memory, by way of a person', async () => {
    const emulator = createTestEmulator();
    const job = emulator.start(tailor);
    const asked = await runToRest(job);
    expect(asked.request).toMatchObject({
      missing: ['confirmed_titles'],
      checkpoint: { stepOutputPreview: expect.stringContaining('Detected roles') },
    });
    expect([asked.view.path, asked.outcome]).toEqual(['slot_needed.awaitingSlots', undefined]);
    expect((await runToRest(job)).request).toEqual(asked.request);
    expect(await job.submitSlots({ confirmed_titles: 'Lead' })).toEqual({ status: 'accepted' });
    const { outcome, request } = await runToRest(job);
    expect(request).toBeUndefined();
    if (outcome?.status !== 'completed') throw new Error(`it is ${outcome?.status}`);
    const result = emulator.results.get(outcome.saved?.file ?? '');
    expect(result?.name).toMatch(/\.zip$/);
    expect(result?.bytes.byteLength).toBe(outcome.saved?.bytes);
    const files = await readZip(Buffer.from(result?.bytes ?? []));
    expect(files.get('cv.txt')?.toString()).toBe('Ada');
  });

  it('says how a job failed, and what it says is the same each time', async () => {
    const run = async () => {
      const emulator = createTestEmulator();
      const { outcome } = await runToRest(
        emulator.start({ workflowId: 'goal_lane.scan_to_text', files: cv }),
      );
      return [outcome, emulator.clock.now(), emulator.log.length];
    };
    const [first, second] = [await run(), await run()];
    expect(first[0]).toMatchObject({
      status: 'failed',
      failure: { message: expect.stringContaining('page 2') },
    });
    expect(second).toEqual(first);
  });

  it('attaches to a job that is there', async () => {
    const emulator = createTestEmulator();
    const first = emulator.start(archive);
    await emulator.clock.runUntil(() => first.view().state === 'executing');
    const { jobSpecId = '' } = first.view();
    await first.detach();
    const { outcome } = await runToRest(emulator.start({ jobSpecId }));
    expect(outcome).toMatchObject({ status: 'completed', jobSpecId });
  });

  it('gives a host of Node its files and results in memory', async () => {
    const emulator = createTestEmulator();
    const ports = emulator.memoryPorts({ 'cv.txt': new TextEncoder().encode('Ada') });
    const job = runGoalJob({ ...emulator.options, ports, workflowId: archive.workflowId, files: ['cv.txt'] });
    expect((await runToRest(job)).outcome).toMatchObject({ status: 'completed' });
    expect(emulator.results.size).toBe(1);
  });

  it('gives XState every port', async () => {
    const { ports, clock } = createTestEmulator();
    const actor = createActor(bindPorts(ports(cv), { clock }), {
      input: { workflowId: archive.workflowId, files: ['cv.txt'] },
    });
    actor.start();
    expect(await clock.runUntil(() => actor.getSnapshot().status === 'done')).toBe(true);
    expect(actor.getSnapshot().output).toMatchObject({ status: 'completed' });
  });

  it('sends no request if its adapter was forgotten', () => {
    const { baseUrl } = createTestEmulator();
    expect(new URL(baseUrl).hostname).toMatch(/\.test$/);
  });

  it('says of a file that is not there what a job says', async () => {
    const emulator = createTestEmulator();
    const ports = emulator.memoryPorts(cv);
    const job = runGoalJob({ ...emulator.options, ports, workflowId: archive.workflowId, files: ['b.txt'] });
    const { outcome } = await runToRest(job);
    expect(outcome).toMatchObject({ status: 'failed', failure: { kind: 'file' } });
  });
});

describe('faults of a test', () => {
  it('fail as scripted, by the name of a port, and are counted', async () => {
    const emulator = createTestEmulator({
      faults: [
        { on: 'getStatus', fault: { kind: 'http-error', status: 503 }, nth: 1 },
        { on: 'confirmJob', fault: { kind: 'version-conflict' }, nth: 1 },
      ],
    });
    expect((await runToRest(emulator.start(archive))).outcome?.status).toBe('completed');
    emulator.faults.assertAllFired();
  });

  it('are named where they did not fire', async () => {
    const emulator = createTestEmulator();
    emulator.faults.add({ on: 'fillSlots', fault: { kind: 'hung' } });
    await runToRest(emulator.start(archive));
    expect(() => emulator.faults.assertAllFired()).toThrow(/rule 1: hung on fillSlots: no request matched/);
  });

  it.each([
    ['no reply, until the time-out of the request', { on: 'getStatus', fault: { kind: 'hung' }, nth: 1 }],
    ['a slow reply', { on: 'createJob', fault: { kind: 'slow-reply', delayMs: 20_000 }, nth: 1 }],
    [
      'a result that stands still in the middle',
      { on: 'storage', fault: { kind: 'cut-body', ending: 'hang' }, nth: 1 },
    ],
    ['a result in a coding', { on: 'storage', fault: { kind: 'content-encoding', encoding: 'gzip' } }],
    ['a limit of hours', { on: 'createJob', fault: { kind: 'rate-limited', resetInMs: 7_200_000 }, nth: 1 }],
  ] as const)('take no real time: %s', async (_, rule) => {
    const emulator = createTestEmulator({ faults: [rule] });
    const began = performance.now();
    const { outcome } = await runToRest(emulator.start(archive));
    expect(outcome?.status).toBe('completed');
    expect(performance.now() - began).toBeLessThan(9_000);
    emulator.faults.assertAllFired();
  });

  it('hold a job that never comes to rest only for so long', async () => {
    const emulator = createTestEmulator({ faults: [{ on: 'confirm', fault: { kind: 'stuck' } }] });
    const job = emulator.start(archive);
    await expect(runToRest(job, { withinMs: 120_000 })).rejects.toThrow(
      /has not come to rest after 120000 ms of its time: it is in executing\./,
    );
    await job.detach();
    expect(emulator.clock.pending()).toBe(0);
  });
});

describe('files in memory', () => {
  it('hold text, bytes and Blobs, apart from what they were made of', async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const files = memoryFiles({ a: 'é', b: bytes, c: new Blob(['x']) });
    bytes.fill(0);
    expect(await files.a?.text()).toBe('é');
    expect(new Uint8Array((await files.b?.arrayBuffer()) ?? [])).toEqual(new Uint8Array([1, 2, 3]));
    expect(files.c?.size).toBe(1);
  });
});
