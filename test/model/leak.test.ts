import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { AxiosAdapter } from 'axios';
import { expect, it } from 'vitest';
import { createEmulatorAdapter, createEmulatorModel } from '../../src/adapters/emulator/index.js';
import { createJobBinding } from '../../src/engine/job/bind-ports.js';
import { createInFlight } from '../../src/engine/job/in-flight.js';
import { runBoundJob } from '../../src/engine/job/run-bound-job.js';
import { startGoalJob } from '../../src/engine/job/start-goal-job.js';
import type { JobOutput } from '../../src/machines/job-output.js';
import { createGoalClient } from '../../src/services/index.js';
import { createHeapClock } from './property/heap-clock.js';
import { memoryPorts, openInMemory } from './property/memory-ports.js';

const JOBS = 10_000;
/** Jobs that run at the same time; each batch has an emulated API of its own, because that one never forgets a job. */
const BATCH = 100;
/** Until caches are filled and code is compiled. */
const WARM_UP = 1_000;
/** One AbortSignal that is kept a job is 2,700, a job's name in a list 50; the heap wavers by 80. */
const MOST_BYTES_A_JOB = 250;

function collector(): () => void {
  setFlagsFromString('--expose_gc');
  const gc: unknown = runInNewContext('gc');
  if (typeof gc !== 'function') throw new Error('there is no garbage collector to call');
  return () => void gc();
}

const files = new Map([['a.txt', new Uint8Array([65, 66, 67])]]);
const workflow = {
  specId: 'goal_lane.short',
  name: 'Short',
  description: 'For a leak check',
  supportedInputFormats: ['txt'],
  requiredSlots: [],
  maxInputSizeBytes: 1_000,
  minFileCount: 1,
  execution: { durationMs: 1_000, result: { kind: 'random', bytes: 100 } },
} as const;

/** One process: one client, one clock, and a remote API that is another one for each batch. */
function createProcess() {
  const clock = createHeapClock(Date.UTC(2026, 2, 30, 12));
  let transport: AxiosAdapter | undefined;
  const adapter: AxiosAdapter = (config) => {
    if (transport === undefined) throw new Error('no server yet');
    return transport(config);
  };
  const results = new Map<string, Buffer>();
  const memory = { files, results };
  const client = createGoalClient({
    apiKey: 'a-key',
    adapter,
    now: clock.now,
    openFile: openInMemory(memory),
  });
  const ports = memoryPorts(client, clock, memory);
  const inFlight = createInFlight();
  const binding = createJobBinding(ports, { clock });
  /** Most share bound ports, as the jobs of a lane do; a few bind their own. */
  const start = (index: number): Promise<JobOutput> => {
    const delivery = index % 3 === 0 ? 'save' : 'link';
    const input = { workflowId: workflow.specId, files: ['a.txt'], delivery } as const;
    const bound = { binding, inFlight, clock, input, id: `job-${index}` };
    const job = index % 20 === 0 ? startGoalJob({ ports, clock, input }) : runBoundJob(bound);
    // Some are detached on the way, each at another time.
    if (index % 4 === 3) clock.schedule(clock.now() + (index % 50) * 60, () => job.send({ type: 'DETACH' }));
    return job.result();
  };
  const batch = async (): Promise<JobOutput[]> => {
    const limits = {
      createsPerDay: Number.POSITIVE_INFINITY,
      statusReadsPerMinute: 1e6,
      concurrentJobs: 1_000,
    };
    const model = createEmulatorModel({
      plan: limits,
      apiKeys: ['a-key'],
      workflows: [workflow],
      keepLog: false,
    });
    transport = createEmulatorAdapter(model, { clock, latencyMs: 40 });
    const ended = Promise.all(Array.from({ length: BATCH }, (_, index) => start(index)));
    await clock.runUntil(() => clock.pending() === 0, { at: clock.now() + 86_400_000, timers: 1e6 });
    results.clear();
    return ended;
  };
  return { clock, batch };
}

it(`${JOBS} jobs leave heap, handles and timers as they were`, { timeout: 300_000 }, async () => {
  const gc = collector();
  const { clock, batch } = createProcess();
  const ends = new Map<string, number>();
  const run = async (jobs: number): Promise<number> => {
    for (let done = 0; done < jobs; done += BATCH)
      for (const { status } of await batch()) ends.set(status, (ends.get(status) ?? 0) + 1);
    for (let turn = 0; turn < 3; turn += 1) {
      await clock.settle();
      gc();
    }
    return process.memoryUsage().heapUsed;
  };
  const before = await run(WARM_UP);
  const resources = process.getActiveResourcesInfo().sort();
  const after = await run(JOBS);
  const grown = (after - before) / JOBS;
  console.log(
    `leak: ${JOBS} jobs, ${grown.toFixed(1)} bytes of heap a job, ends ${JSON.stringify(Object.fromEntries(ends))}`,
  );
  expect(clock.pending()).toBe(0);
  expect(process.getActiveResourcesInfo().sort()).toEqual(resources);
  expect(grown).toBeLessThan(MOST_BYTES_A_JOB);
  expect((ends.get('completed') ?? 0) + (ends.get('detached') ?? 0)).toBe(JOBS + WARM_UP);
  expect(ends.get('completed')).toBeGreaterThan(JOBS / 2);
  expect(ends.get('detached')).toBeGreaterThan(JOBS / 8);
});
