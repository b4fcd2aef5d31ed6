import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEmulator, runToRest, type TestEmulator } from '../../../src/adapters/testing/index.js';
import {
  createGoalLane,
  createStoredJobs,
  type GoalLane,
  type JobStore,
  openJobStore,
} from '../../../src/index.js';
import { readZip } from '../emulator/read-zip.js';

let folder = '';
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'goal-lane-memory-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const openStore = () => {
  count += 1;
  return openJobStore({ path: join(folder, `${count}.db`) });
};
const files = { 'a.txt': 'one', 'sub/b.txt': 'two' };
const names = Object.keys(files);
const lanes = (emulator: TestEmulator, store: JobStore): (() => GoalLane) => {
  const ports = emulator.memoryPorts(files);
  return () => createGoalLane({ ...emulator.options, ports, store });
};

async function filesOfResult(emulator: TestEmulator): Promise<Readonly<Record<string, string>>> {
  const [result] = emulator.results.values();
  const zip = await readZip(Buffer.from(result?.bytes ?? []));
  return Object.fromEntries([...zip].map(([name, bytes]) => [name, bytes.toString()]));
}

describe('files in memory and a store', () => {
  it('run a job of a lane, and the server gets the names that were given', async () => {
    const emulator = createTestEmulator();
    const store = await openStore();
    const lane = lanes(emulator, store)();
    const job = lane.start({ workflowId: 'goal_lane.media_archive', files: names });
    expect((await runToRest(job)).outcome).toMatchObject({ status: 'completed' });
    await lane.close();
    const stored = await filesOfResult(emulator);
    const plain = createTestEmulator();
    await runToRest(plain.start({ workflowId: 'goal_lane.media_archive', files }));
    expect(stored).toMatchObject({ 'a.txt': 'one', 'b.txt': 'two' });
    expect(stored).toEqual(await filesOfResult(plain));
    await store.close();
  });

  it('continue after a restart, before the upload and at a question', async () => {
    const emulator = createTestEmulator();
    const store = await openStore();
    const open = lanes(emulator, store);
    const first = open();
    first.start({ id: 'early', workflowId: 'goal_lane.media_archive', files: names });
    const asked = first.start({ id: 'asked', workflowId: 'goal_lane.resume_tailor', files: names });
    emulator.faults.add({ on: 'uploadFile', fault: { kind: 'http-error', status: 503 }, times: 1 });
    await first.close();
    expect((await store.load('early'))?.input).toMatchObject({ files: names.map((name) => resolve(name)) });
    expect((await asked.result()).status).toBe('detached');
    const second = open();
    await second.resume();
    const job = second.job('asked');
    if (job === undefined) throw new Error('it was not resumed');
    expect((await runToRest(job)).view.needs).toBe('slots');
    await second.close();
    const third = open();
    await third.resume();
    const again = third.job('asked');
    await again?.submitSlots({ confirmed_titles: 'Lead' });
    for (const resumed of third.jobs())
      expect((await runToRest(resumed)).outcome).toMatchObject({ status: 'completed' });
    expect(emulator.results.size).toBe(2);
    await third.close();
    await store.close();
  });

  it('are not confused with files of that name on the disk', async () => {
    const path = join(folder, 'disk.txt');
    writeFileSync(path, 'something longer on the disk');
    const emulator = createTestEmulator();
    const store = await openStore();
    const { clock } = emulator;
    const stored = createStoredJobs({ store, clock, ports: emulator.ports({ [path]: 'memory' }) });
    const job = await stored.start({ workflowId: 'goal_lane.media_archive', files: [path] });
    expect((await runToRest(job)).outcome).toMatchObject({ status: 'completed' });
    expect(await filesOfResult(emulator)).toMatchObject({ 'disk.txt': 'memory' });
    await store.close();
  });

  it('are missed by name where they are not there', async () => {
    const emulator = createTestEmulator();
    const store = await openStore();
    const lane = lanes(emulator, store)();
    const job = lane.start({ workflowId: 'goal_lane.media_archive', files: ['c.txt'] });
    const { outcome } = await runToRest(job);
    expect(outcome).toMatchObject({ status: 'failed', failure: { kind: 'file' } });
    expect(JSON.stringify(outcome)).toContain('c.txt: no file of that name is registered');
    await lane.close();
    await store.close();
  });
});
