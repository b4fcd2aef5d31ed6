import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActor, waitFor } from 'xstate';
import { startEmulator } from '../../../src/adapters/emulator/index.js';
import { createTestEmulator, createVirtualClock, runToRest } from '../../../src/adapters/testing/index.js';
import {
  bindPorts,
  createGoalLane,
  createNodeClient,
  createNodePorts,
  createStoredJobs,
  openJobStore,
  runGoalJob,
} from '../../../src/index.js';
import { readZip } from '../emulator/read-zip.js';

let folder = '';
const LARGE = 3_000_000;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'goal-lane-hosts-'));
  await writeFile(join(folder, 'a.txt'), new Uint8Array(LARGE).fill(65));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const workflowId = 'goal_lane.media_archive';
const disk = () => ({ workflowId, files: [join(folder, 'a.txt')] });

describe('a host on virtual time and real files', () => {
  it('runs a job: no time-out of the clock overtakes the disk', async () => {
    const { options } = createTestEmulator({ latencyMs: 50 });
    const before = options.clock.now();
    const job = runGoalJob({ ...options, ...disk(), outDir: join(folder, 'one') });
    const { outcome, request, view } = await runToRest(job);
    expect(outcome).toMatchObject({ status: 'completed', saved: { verified: true } });
    expect([request, view.state]).toEqual([undefined, 'completed']);
    const saved = outcome?.status === 'completed' ? await readFile(outcome.saved?.file ?? '') : undefined;
    expect((await readZip(saved ?? Buffer.alloc(0))).get('a.txt')?.length).toBe(LARGE);
    expect(options.clock.now() - before).toBeGreaterThan(4_000);
    expect(options.clock.now() - before).toBeLessThan(30_000);
    expect(options.clock.pending()).toBe(0);
  });

  it('runs a lane: jobs wait for one another’s catalog, queue for a place, and none is overtaken', async () => {
    const emulator = createTestEmulator({ plan: 'free', latencyMs: 50 });
    const { clock } = emulator;
    const lane = createGoalLane({
      ...emulator.options,
      plan: 'free',
      outDir: (id) => join(folder, 'lane', id),
    });
    const jobs = Array.from({ length: 8 }, (_, index) => lane.start({ ...disk(), id: `job-${index}` }));
    const outcomes = [];
    for (const job of jobs) outcomes.push((await runToRest(job)).outcome?.status);
    expect(outcomes).toEqual(jobs.map(() => 'completed'));
    expect(emulator.log.filter(({ endpoint }) => endpoint === 'create')).toHaveLength(8);
    expect(emulator.log.filter(({ status }) => status === 429)).toEqual([]);
    await clock.run(lane.close());
  });

  it('runs jobs with a store on disk', async () => {
    const emulator = createTestEmulator();
    const store = await openJobStore({ path: join(folder, 'jobs.db') });
    const { clock, apiKey, baseUrl, adapter } = emulator;
    const client = createNodeClient({ apiKey, baseUrl, adapter, now: clock.now });
    const ports = createNodePorts({ client, clock, outDir: join(folder, 'stored') });
    const stored = createStoredJobs({ store, ports, clock });
    const job = await stored.start(disk());
    expect((await runToRest(job)).outcome?.status).toBe('completed');
    expect((await store.load(job.id))?.state).toBe('completed');
    await store.close();
  });

  it('runs a machine of XState', async () => {
    const { options } = createTestEmulator();
    const { clock, apiKey, baseUrl, adapter } = options;
    const client = createNodeClient({ apiKey, baseUrl, adapter, now: clock.now });
    const ports = createNodePorts({ client, clock, outDir: join(folder, 'xstate') });
    const actor = createActor(bindPorts(ports, { clock }), { input: disk() });
    actor.start();
    const done = await clock.run(waitFor(actor, ({ status }) => status === 'done'));
    expect(done.output).toMatchObject({ status: 'completed' });
  });

  it('goes over real HTTP: the clock stands while the socket works', async () => {
    const clock = createVirtualClock();
    const emulator = await startEmulator({ clock });
    const { apiKey, baseUrl } = emulator;
    const job = runGoalJob({ apiKey, baseUrl, clock, ...disk(), outDir: join(folder, 'http') });
    expect((await runToRest(job)).outcome).toMatchObject({ status: 'completed', saved: { verified: true } });
    expect(emulator.log.filter(({ faults }) => faults.length > 0)).toEqual([]);
    await emulator.close();
  });
});

describe('runToRest in real time', () => {
  it('waits for a job without a virtual clock', async () => {
    const emulator = await startEmulator({ speed: 1_000 });
    const { apiKey, baseUrl } = emulator;
    const resume = { workflowId: 'goal_lane.resume_tailor', files: [join(folder, 'a.txt')] };
    const job = runGoalJob({ apiKey, baseUrl, ...resume, outDir: join(folder, 'real') });
    const { request, outcome } = await runToRest(job);
    expect([request?.missing, outcome]).toEqual([['confirmed_titles'], undefined]);
    await job.detach();
    expect((await runToRest(job)).outcome).toMatchObject({ status: 'detached' });
    await emulator.close();
  });

  it('gives up where the job comes to no rest', async () => {
    const emulator = await startEmulator();
    const { apiKey, baseUrl } = emulator;
    const job = runGoalJob({ apiKey, baseUrl, ...disk(), outDir: join(folder, 'real') });
    await expect(runToRest(job, { withinMs: 20 })).rejects.toThrow(
      /has not come to rest after 20 ms: it is in /,
    );
    await job.detach();
    await emulator.close();
  });
});
