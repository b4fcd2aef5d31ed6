import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { registerWorker } from '../../src/adapters/restate/admin/register.js';
import { createFleetClient } from '../../src/adapters/restate/client/create-fleet-client.js';
import { startWorkerGroup } from '../../test/e2e/fleet/worker-group.js';
import { startDurableEngine } from '../../tools/engine/start-engine.mjs';
import type { SideFigures } from './emulator-side.js';
import { usageOfAll } from './proc-usage.js';

/** How many handlers the engine has begun, and how many records its log has taken. */
async function counted(
  metrics: string,
): Promise<{ readonly calls: number; readonly records: number; readonly bytes: number }> {
  const text = await (await fetch(metrics)).text();
  const sum = (name: RegExp): number =>
    text
      .split('\n')
      .filter((line) => name.test(line))
      .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0);
  return {
    calls: sum(/^restate_invoker_invocation_tasks_total.*started/),
    records: sum(/^restate_bifrost_sequencer_committed_records_total/),
    bytes: sum(/^restate_bifrost_sequencer_committed_records_bytes_total/),
  };
}

async function message<Message>(from: ChildProcess): Promise<Message> {
  const [reported] = await once(from, 'message');
  return reported;
}

/** Starts so many jobs at once; prints what a start has cost, up to the first reading after its confirm. */
export async function measureStarts(jobs: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'goal-lane-starts-'));
  const file = join(folder, 'file.txt');
  await writeFile(file, 'a file');
  const emulator = fork(process.argv[1] ?? '', ['emulator', String(jobs), '600000'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { baseUrl } = await message<{ readonly baseUrl: string }>(emulator);
  const ask = async (): Promise<SideFigures> => {
    emulator.send({ key: 'fleet', from: 0, to: Number.MAX_SAFE_INTEGER });
    return message<SideFigures>(emulator);
  };
  const engine = await startDurableEngine();
  const { ingress, admin, metrics } = engine;
  const workers = await startWorkerGroup({
    keys: { default: 'sk_bench_fleet' },
    baseUrl,
    ingress,
    results: join(folder, 'fleet'),
    plan: { concurrentJobs: jobs + 10, statusReadsPerMinute: 1_000 },
    processes: 2,
    ...(process.env.GOAL_LANE_WORKER_MODULE === undefined
      ? {}
      : { module: process.env.GOAL_LANE_WORKER_MODULE }),
  });
  await registerWorker({ admin, url: workers.url });
  const client = createFleetClient({ ingress, admin });
  const pids = [engine.pid(), ...workers.pids()];
  const before = { usage: usageOfAll(pids), counts: await counted(metrics), at: Date.now() };
  const queue = Array.from({ length: jobs }, (_, index) => `bench-${index}`);
  const starter = async (): Promise<void> => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift())
      await client.start({ id, workflowId: 'bench.waiting', files: [file], confirm: 'manual' });
  };
  await Promise.all(Array.from({ length: 16 }, starter));
  const submittedS = (Date.now() - before.at) / 1_000;
  let reported = await ask();
  while (reported.created < jobs) {
    await delay(200);
    reported = await ask();
  }
  const counts = await counted(metrics);
  const cpuMs = (usageOfAll(pids).cpuS - before.usage.cpuS) * 1_000;
  const engineMs = usageOfAll([engine.pid()]).cpuS * 1_000;
  process.stdout.write(
    `${JSON.stringify({
      jobs,
      startsPerS: jobs / ((reported.lastCreateAt - before.at) / 1_000),
      submittedS,
      cpuMsAStart: cpuMs / jobs,
      engineMsAStart: engineMs / jobs,
      callsAStart: (counts.calls - before.counts.calls) / jobs,
      recordsAStart: (counts.records - before.counts.records) / jobs,
      logKbAStart: (counts.bytes - before.counts.bytes) / jobs / 1_000,
      load: loadavg()[0],
    })}\n`,
  );
  client.close();
  emulator.kill();
  await workers.close();
  await engine.close();
  await rm(folder, { recursive: true, force: true });
}
