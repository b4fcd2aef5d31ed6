import { describe, expect, it } from 'vitest';
import { createEmulatorAdapter } from '../../../../src/adapters/emulator/index.js';
import { createNodeClient, createNodePorts } from '../../../../src/adapters/node/index.js';
import { layered } from '../../../../src/engine/binding/ports-layer.js';
import { createStoredJobs } from '../../../../src/engine/durable/index.js';
import { createSharedPolling } from '../../../../src/engine/lane/reads/shared-polling.js';
import { createMemoryStore } from '../../../../src/engine/store/index.js';
import { laneScene, memoryFiles, plainWorkflow, sameFiles, seeded, settle, statuses } from '../lane-scene.js';

/** Five jobs at once on the smallest plan, without a lane; 2 s for each would be 150 reads a minute, of 60. */
async function fiveJobs() {
  const scene = laneScene({ plan: 'free', workflows: [plainWorkflow('wf', 180_000)] });
  const { clock, model } = scene;
  const polling = createSharedPolling(clock, seeded(7));
  const client = createNodeClient({
    apiKey: model.apiKey,
    adapter: createEmulatorAdapter(model, { clock, latencyMs: 80 }),
    now: clock.now,
    budget: polling.budget,
  });
  const ports = { ...createNodePorts({ client, outDir: '/out', clock }), ...memoryFiles(model, clock) };
  const jobs = createStoredJobs({
    store: createMemoryStore(),
    ports: layered(ports, polling.readTurns),
    clock,
    random: seeded(8),
    files: sameFiles,
  });
  const starting = Array.from({ length: 5 }, () => jobs.start({ workflowId: 'wf', files: ['a.txt'] }));
  const handles = await Promise.all(starting);
  const outputs = await settle(scene, Promise.all(handles.map((handle) => handle.result())));
  await jobs.close();
  client.close();
  return { scene, outputs };
}

describe('jobs that share their status reads without a lane', () => {
  it('all end without a 429, a read too soon, or a pause in which nothing is read', async () => {
    const { scene, outputs } = await fiveJobs();
    expect(statuses(outputs)).toEqual(['completed']);
    expect(scene.refusals()).toEqual([]);
    expect(scene.model.log.filter(({ tooSoon }) => tooSoon)).toEqual([]);
    const reads = scene.model.log.filter(({ endpoint }) => endpoint === 'status').map(({ at }) => at);
    const gaps = reads.map((at, index) => at - (reads[index - 1] ?? at));
    expect(Math.max(...gaps)).toBeLessThan(5_000);
    expect(scene.clock.pending()).toBe(0);
  });
});
