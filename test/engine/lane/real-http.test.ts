import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Emulator, startEmulator } from '../../../src/adapters/emulator/index.js';
import { createGoalLane } from '../../../src/adapters/node/create-node-lane.js';
import { plainWorkflow, statuses } from './lane-scene.js';

const JOBS = 100;
let directory: string;
let emulator: Emulator;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'goal-lane-http-'));
  await writeFile(join(directory, 'a.txt'), 'some input');
  emulator = await startEmulator({
    plan: 'business',
    speed: 10,
    workflows: [plainWorkflow('wf', 25_000), plainWorkflow('slow', 45_000, { curve: 'stalling' })],
  });
});
afterAll(async () => {
  await emulator.close();
  await rm(directory, { recursive: true });
});

const held = (kind: RegExp): string[] => process.getActiveResourcesInfo().filter((name) => kind.test(name));
const sockets = (): string[] => held(/TCPSocket/);
const timers = (): string[] => held(/Timeout/);

describe('100 jobs over real HTTP', () => {
  it('are all saved, without a 429, a read too soon, or anything left behind', async () => {
    const before = { sockets: sockets(), timers: timers() };
    const outDir = join(directory, 'out');
    const lane = createGoalLane({
      apiKey: emulator.apiKey,
      baseUrl: emulator.baseUrl,
      plan: 'business',
      outDir,
    });
    const handles = Array.from({ length: JOBS }, (_, at) =>
      lane.start({ workflowId: at % 2 === 0 ? 'wf' : 'slow', files: [join(directory, 'a.txt')] }),
    );
    await vi.waitFor(() => expect(sockets().length).toBeGreaterThan(before.sockets.length));
    await lane.close({ drain: true });
    // The other ends of the connections are in this process, too, and close a little later.
    await vi.waitFor(() => expect(sockets()).toEqual(before.sockets), { timeout: 5_000, interval: 20 });
    expect(timers().length).toBeLessThanOrEqual(before.timers.length);
    const outputs = await Promise.all(handles.map((handle) => handle.result()));
    expect(statuses(outputs)).toEqual(['completed']);
    expect(emulator.log.filter(({ status }) => status === 429)).toEqual([]);
    expect(emulator.log.filter(({ tooSoon }) => tooSoon)).toEqual([]);
    const saved = outputs.flatMap((output) => (output.status === 'completed' ? [output.saved?.file] : []));
    expect(new Set(saved).size).toBe(JOBS);
    expect(await readdir(outDir)).toHaveLength(JOBS);
    expect(emulator.log.filter(({ effect }) => effect?.type === 'created')).toHaveLength(JOBS);
  });
});
