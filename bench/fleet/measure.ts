import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { queryEngine } from '../../src/adapters/restate/admin/query-engine.js';
import { registerWorker } from '../../src/adapters/restate/admin/register.js';
import { createFleetClient } from '../../src/adapters/restate/client/create-fleet-client.js';
import { startWorkerGroup } from '../../test/e2e/fleet/worker-group.js';
import { startDurableEngine } from '../../tools/engine/start-engine.mjs';
import type { Question, SideFigures } from './emulator-side.js';
import { usageOf, usageOfAll } from './proc-usage.js';

/** The emulator's limit is in fixed windows that begin with each minute of its clock, which is this machine's. */
const WINDOW_MS = 60_000;
const WINDOWS = 2;
const ALLOWED = 1_000;

export interface Side {
  /** Part of the allowed reads that was used in whole windows of the limit; NaN if jobs have ended in them. */
  readonly pace: number;
  readonly startsPerS: number;
  /** Processors, on average in these windows. */
  readonly cores: number;
  readonly rssBytes: number;
  readonly refusals: number;
  readonly tooSoon: number;
  readonly meanDelayMs: number;
}

export interface Figures {
  readonly jobs: number;
  readonly fleet: Side & { readonly engineCores: number; readonly engineRssBytes: number };
  readonly lane: Side;
  /** Processor time of engine and workers for a start, up to its confirm. */
  readonly startCpuMs: number;
  readonly stateBytesAJob: number;
  readonly stateRowsAfter: number;
  readonly load: number;
}

const child = (...args: readonly string[]): ChildProcess =>
  fork(process.argv[1] ?? '', args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

async function message<Message>(from: ChildProcess): Promise<Message> {
  const [reported] = await once(from, 'message');
  return reported;
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Waits for the limit's next window. A minute that begins in the midst of one would hold parts of two: what was saved in the first and
 * spent in the second, or the other way round.
 */
async function wholeWindows(): Promise<{ readonly from: number; readonly to: number }> {
  const from = Math.ceil(Date.now() / WINDOW_MS) * WINDOW_MS;
  await delay(from - Date.now());
  return { from, to: from + WINDOWS * WINDOW_MS };
}

/** Fleet and lane at the same time on the same machine, each with a key of its own, so that what else runs befalls both. */
export async function measure(jobs: number, durationMs: number): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'goal-lane-bench-'));
  const file = join(folder, 'file.txt');
  await writeFile(file, 'a file');
  const emulator = child('emulator', String(jobs), String(durationMs));
  const { baseUrl } = await message<{ readonly baseUrl: string }>(emulator);
  const ask = async (question: Question): Promise<SideFigures> => {
    emulator.send(question);
    return message<SideFigures>(emulator);
  };
  const engine = await startDurableEngine();
  const { ingress, admin } = engine;
  const workers = await startWorkerGroup({
    keys: { default: 'sk_bench_fleet' },
    baseUrl,
    ingress,
    results: join(folder, 'fleet'),
    plan: { concurrentJobs: jobs + 10, statusReadsPerMinute: ALLOWED },
    processes: 2,
  });
  await registerWorker({ admin, url: workers.url });
  const client = createFleetClient({ ingress, admin });

  const all = { from: 0, to: Number.MAX_SAFE_INTEGER };
  const untilConfirmed = async (key: string): Promise<number> => {
    for (;;) {
      const { confirmed, lastConfirmAt } = await ask({ key, ...all });
      if (confirmed >= jobs) return lastConfirmAt;
      await delay(500);
    }
  };

  const laneAt = Date.now();
  const lane = child('lane', JSON.stringify({ jobs, baseUrl, file, outDir: join(folder, 'lane') }));
  const laneStartedAt = await untilConfirmed('lane');
  const fleetAt = Date.now();
  const fleetPids = (): readonly number[] => [engine.pid(), ...workers.pids()];
  const cpuBefore = usageOfAll(fleetPids()).cpuS;
  const queue = Array.from({ length: jobs }, (_, index) => `bench-${index}`);
  const starter = async (): Promise<void> => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift())
      await client.start({ id, workflowId: 'bench.waiting', files: [file] });
  };
  await Promise.all(Array.from({ length: 16 }, starter));
  const fleetStartedAt = await untilConfirmed('fleet');
  const startCpuMs = ((usageOfAll(fleetPids()).cpuS - cpuBefore) * 1_000) / jobs;

  // Each job's first reading is a change.
  await delay((jobs / ALLOWED) * WINDOW_MS + 5_000);
  const [stateRow] = await queryEngine<{ readonly bytes: number }>(
    admin,
    "select sum(value_length) as bytes from state where service_name = 'GoalJob' or key like 'w/%'",
  );
  const window = await wholeWindows();
  const pids = { engine: [engine.pid()], workers: workers.pids(), lane: [lane.pid ?? 0] };
  const [engineBefore, workersBefore, laneBefore] = [
    usageOfAll(pids.engine),
    usageOfAll(pids.workers),
    usageOfAll(pids.lane),
  ];
  const from = Date.now();
  // The last read of the window is in the log by then.
  await delay(window.to - from + 100);
  const spanS = (Date.now() - from) / 1_000;
  const [engineAfter, workersAfter, laneAfter] = [
    usageOfAll(pids.engine),
    usageOfAll(pids.workers),
    usageOfAll(pids.lane),
  ];
  const paces = {
    fleet: await ask({ key: 'fleet', ...window }),
    lane: await ask({ key: 'lane', ...window }),
  };

  // Until every job has ended, and what is kept of it with it.
  const leftRows = async (): Promise<number> => {
    const [row] = await queryEngine<{ readonly n: number }>(
      admin,
      "select count(*) as n from state where service_name = 'GoalJob' or key like 'w/%'",
    );
    return row?.n ?? 0;
  };
  const giveUpAt = Date.now() + durationMs + 240_000;
  while ((await leftRows()) > 0 && Date.now() < giveUpAt) await delay(2_000);
  const stateRowsAfter = await leftRows();
  while ((await ask({ key: 'lane', ...all })).delaysMs.length < jobs && Date.now() < giveUpAt)
    await delay(1_000);
  const ends = { fleet: await ask({ key: 'fleet', ...all }), lane: await ask({ key: 'lane', ...all }) };
  // Fewer jobs wait where the first have ended: their reads would not show what pace many keep.
  const haveAllWaited = laneAt + durationMs > window.to;
  const sideOf = (key: 'fleet' | 'lane', startS: number, cpuS: number, rssBytes: number): Side => ({
    pace: haveAllWaited ? paces[key].readsInWindow / (ALLOWED * WINDOWS) : Number.NaN,
    startsPerS: jobs / startS,
    cores: cpuS / spanS,
    rssBytes,
    refusals: ends[key].refusals,
    tooSoon: ends[key].tooSoon,
    meanDelayMs: mean(ends[key].delaysMs),
  });
  const engineCores = (engineAfter.cpuS - engineBefore.cpuS) / spanS;
  const figures: Figures = {
    jobs,
    fleet: {
      ...sideOf(
        'fleet',
        (fleetStartedAt - fleetAt) / 1_000,
        workersAfter.cpuS - workersBefore.cpuS,
        workersAfter.rssBytes,
      ),
      engineCores,
      engineRssBytes: usageOf(engine.pid()).rssBytes,
    },
    lane: sideOf(
      'lane',
      (laneStartedAt - laneAt) / 1_000,
      laneAfter.cpuS - laneBefore.cpuS,
      laneAfter.rssBytes,
    ),
    startCpuMs,
    stateBytesAJob: (stateRow?.bytes ?? Number.NaN) / jobs,
    stateRowsAfter,
    load: loadavg()[0] ?? Number.NaN,
  };
  client.close();
  lane.kill();
  emulator.kill();
  await workers.close();
  await engine.close();
  await rm(folder, { recursive: true, force: true });
  return figures;
}
