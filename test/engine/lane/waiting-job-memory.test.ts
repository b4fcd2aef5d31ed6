import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { BASE_URL, instantTransport } from '../../../bench/overhead/instant-server.js';
import { createVirtualTime } from '../../../bench/peers/virtual-time.js';
import { createGoalLane } from '../../../src/adapters/node/create-node-lane.js';

const JOBS = 1_000;
/** What `npm run bench -- overhead` finds, and a fifth more: a job that begins to hold more than it should is noticed. */
const MOST_BYTES = 15_000;

setFlagsFromString('--expose_gc');
const collect: unknown = runInNewContext('gc');

async function heapUsed(): Promise<number> {
  for (let round = 0; round < 4; round += 1) {
    if (typeof collect === 'function') collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

it('a waiting job costs little memory, and no more after it has been read eight times', async () => {
  const clock = createVirtualTime();
  const limit = JOBS * 36;
  const { adapter, reads } = instantTransport(limit, clock.now);
  const lane = createGoalLane({
    apiKey: 'bench-key',
    baseUrl: BASE_URL,
    clock,
    adapter,
    plan: { concurrentJobs: JOBS, statusReadsPerMinute: limit, createsPerDay: Number.POSITIVE_INFINITY },
    ports: {
      inspectFiles: async ({ handles }) => handles.map((handle) => ({ handle, name: handle, bytes: 3 })),
      uploadFile: async () => ({ fileId: 'file_1' }),
    },
  });
  const start = async (count: number): Promise<void> => {
    const least = reads() + 2 * count;
    for (let at = 0; at < count; at += 1) lane.start({ workflowId: 'wf', files: ['a.txt'] });
    await clock.run(() => reads() >= least);
  };
  await start(20);
  const before = await heapUsed();
  await start(JOBS);
  const waiting = await heapUsed();
  expect((waiting - before) / JOBS).toBeLessThan(MOST_BYTES);
  await clock.run(() => reads() >= 8 * JOBS);
  expect(((await heapUsed()) - waiting) / JOBS).toBeLessThan(500);
  await lane.close();
}, 60_000);
