import { describe, expect, it } from 'vitest';
import type { InspectionEvent } from 'xstate';
import { startGoalJob } from '../../../src/engine/job/index.js';
import { memoryBackend } from '../../../src/engine/lane/job-backends.js';
import { createMemoryStore } from '../../../src/engine/store/memory/memory-store.js';
import { createWorld } from '../durable/world.js';

const READS = 6;
const INPUT = { workflowId: 'wf', files: ['/in/a.txt'], answers: { tone: ['plain', 'bold', 'calm'] } };
const world = () => createWorld(createMemoryStore(), READS);

/** Counts how often a job was seen reading its status while it executes. */
function watcher() {
  let seen = 0;
  const inspect = (event: InspectionEvent): void => {
    if (event.type !== '@xstate.snapshot' || !('value' in event.snapshot)) return;
    if (JSON.stringify(event.snapshot.value) === '{"executing":"reading"}') seen += 1;
  };
  return { inspect, seen: () => seen };
}

type Started = { readonly result: () => Promise<{ readonly status: string }> };

async function finished(w: ReturnType<typeof world>, job: Started): Promise<void> {
  let status = '';
  void job.result().then((output) => {
    status = output.status;
  });
  await w.clock.runUntil(() => status !== '');
  expect(status).toBe('completed');
}

describe('an inspected job shows each read of the status as a state', () => {
  it('of one job', async () => {
    const [w, { inspect, seen }] = [world(), watcher()];
    await finished(w, startGoalJob({ ports: w.ports, clock: w.clock, input: INPUT, inspect }));
    expect(seen()).toBeGreaterThan(2 * READS);
  });

  it('unless looking ahead is asked for', async () => {
    const [w, { inspect, seen }] = [world(), watcher()];
    const options = { ports: w.ports, clock: w.clock, input: INPUT, inspect, lookAhead: true };
    await finished(w, startGoalJob(options));
    expect(seen()).toBeLessThan(2 * READS);
  });

  it('of a stored job', async () => {
    const [w, { inspect, seen }] = [world(), watcher()];
    const jobs = w.open('one', { inspect });
    await finished(w, await jobs.start(INPUT));
    expect(seen()).toBeGreaterThan(2 * READS);
    await jobs.close();
  });

  it('of a job of a lane', async () => {
    const [w, { inspect, seen }] = [world(), watcher()];
    const { ports, clock } = w;
    const host = memoryBackend(() => ports, { clock, random: () => 0.5, inspect, apiKey: 'unused' });
    await finished(w, host.start('one', INPUT, { priority: 0, order: 0 }));
    expect(seen()).toBeGreaterThan(2 * READS);
    await host.close([]);
  });
});
