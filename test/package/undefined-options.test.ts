import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runBrowserJob } from '../../src/adapters/browser/index.js';
import { type Emulator, startEmulator } from '../../src/adapters/emulator/index.js';
import { createTestEmulator } from '../../src/adapters/testing/index.js';
import {
  createGoalLane,
  createNodeClient,
  createNodePorts,
  createStoredJobs,
  openJobStore,
  runGoalJob,
} from '../../src/index.js';
import { scaledTime } from '../support/fast-clock.js';
import { optionalPropertiesOfDoors } from './api-options.js';

const known = optionalPropertiesOfDoors();

/** Every optional option of these types, undefined. */
const unsaid = (...owners: readonly string[]): Record<string, undefined> =>
  Object.fromEntries(
    known.filter(({ owner }) => owners.includes(owner)).map(({ name }) => [name, undefined]),
  );

/** What hosts do: every option is said, most of them undefined. The same as if they were left out. */
describe('options that are undefined', () => {
  let emulator: Emulator;
  let dir = '';
  // The server's too: rate limits that stay shut in another time than the client's would be met again and again.
  const clock = scaledTime(20);
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'goal-lane-undefined-'));
    await writeFile(join(dir, 'a.txt'), 'x');
    emulator = await startEmulator({
      ...unsaid('EmulatorOptions', 'EmulatorModelOptions'),
      speed: 10,
      clock,
    });
  });
  afterAll(async () => {
    await emulator.close();
    await rm(dir, { recursive: true, force: true });
  });

  const workflowId = 'goal_lane.resume_tailor';
  const retry = { baseMs: undefined, capMs: undefined, maxAttempts: undefined, maxTotalMs: undefined };
  const ofJob = () => ({
    ...unsaid('JobOptions', 'NewJobInput'),
    workflowId,
    retry,
    answers: { confirmed_titles: 'L' },
  });
  const files = () => [join(dir, 'a.txt')];
  const site = () => ({
    apiKey: emulator.apiKey,
    baseUrl: emulator.baseUrl,
    outDir: dir,
    clock,
  });

  it('run a job on Node', async () => {
    const options = unsaid('StartOptions', 'GoalClientOptions', 'BindOptions', 'RunOptions');
    const job = runGoalJob({ ...options, ...ofJob(), files: files(), ...site() });
    expect(await job.result()).toMatchObject({ status: 'completed' });
  });

  it('run a job on Blobs', async () => {
    const job = runBrowserJob({
      ...unsaid('StartOptions', 'BindOptions'),
      clock,
      client: { ...unsaid('GoalClientOptions'), apiKey: emulator.apiKey, baseUrl: emulator.baseUrl },
      job: { ...ofJob(), files: { 'a.txt': new Blob(['x']) } },
    });
    expect(await job.result()).toMatchObject({ status: 'completed' });
  });

  it('run a lane with a store', async () => {
    const store = await openJobStore({ ...unsaid('OpenStoreOptions'), path: ':memory:' });
    const lane = createGoalLane({ ...unsaid('GoalLaneOptions', 'LaneOptions'), ...site(), store });
    const job = lane.start({ ...ofJob(), ...unsaid('LaneStartOptions'), files: files() });
    expect(await job.result()).toMatchObject({ status: 'completed' });
    expect((await lane.stored(unsaid('StoredPageQuery'))).jobs).toHaveLength(1);
    expect((await lane.history(job.id, unsaid('HistoryQuery'))).entries.length).toBeGreaterThan(3);
    expect((await store.page(unsaid('PageQuery'))).jobs).toHaveLength(1);
    expect((await store.list(unsaid('JobFilter'))).records).toHaveLength(1);
    await lane.close(unsaid('CloseOptions'));
    await store.close();
  });

  it('run a stored job', async () => {
    const { apiKey, baseUrl, outDir } = site();
    const store = await openJobStore({ ...unsaid('OpenStoreOptions'), path: join(dir, 'jobs.db') });
    const client = createNodeClient({ ...unsaid('GoalClientOptions', 'NodeClientOptions'), apiKey, baseUrl });
    const ports = createNodePorts({ ...unsaid('NodePortsOptions'), client, outDir });
    const jobs = createStoredJobs({ ...unsaid('StoredJobsOptions', 'BindOptions'), store, ports });
    const job = await jobs.start({ ...ofJob(), files: files() }, { id: undefined, queue: undefined });
    expect(await job.result()).toMatchObject({ status: 'completed' });
    await jobs.close();
    client.close();
    await store.close();
  });

  it('make a fault of each kind of them', () => {
    const { faults } = createTestEmulator();
    const [reply, body] = [unsaid('ReplyFault'), unsaid('BodyFault')];
    faults.add({
      ...unsaid('FaultRule'),
      on: 'status',
      fault: { ...reply, kind: 'http-error', status: 503 },
    });
    faults.add({ on: 'status', fault: { ...body, kind: 'stale-status' } });
    expect(() => faults.assertAllFired()).toThrow('2 of 2 fault rules did not fire');
  });

  it('are so many', () => {
    expect(Object.keys(unsaid('StoredPageQuery', 'HistoryQuery'))).toHaveLength(4);
    expect(Object.keys(unsaid('StartOptions')).length).toBeGreaterThan(3);
    expect(Object.keys(unsaid('GoalClientOptions')).length).toBeGreaterThan(12);
    expect(Object.keys(unsaid('EmulatorModelOptions')).length).toBeGreaterThan(18);
    expect(Object.keys(unsaid('StoredJobsOptions')).length).toBeGreaterThan(8);
  });
});
