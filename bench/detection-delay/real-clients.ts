import type { LogEntry, PlanName } from '../../src/adapters/emulator/index.js';
import { CONFIRMING_MS, createWorkload, type Workload } from '../makespan/workload.js';
import { PEERS } from '../peers/peers.js';
import { type Outcome, runLane, runPeer } from '../peers/trial.js';
import { table } from '../write-report.js';
import { ROUND_TRIP_MS } from './measure.js';

/** The whole of a client's code, not a model of it, against the emulator. */
interface RealClient {
  readonly name: string;
  /** How often it has run the same orders before. */
  rehearsals(plan: PlanName): number;
  run(workload: Workload): Promise<Outcome>;
}

interface Scale {
  readonly plan: PlanName;
  readonly concurrency: number;
  readonly jobs: number;
}

/** Jobs enough to stand behind full concurrency; a Free key creates no more than ten a day. */
const SCALES: readonly Scale[] = [
  { plan: 'free', concurrency: 5, jobs: 10 },
  { plan: 'pro', concurrency: 20, jobs: 60 },
  { plan: 'business', concurrency: 100, jobs: 200 },
];

const laneRehearsals = (plan: PlanName): number => (plan === 'free' ? 0 : 1);

const CLIENTS: readonly RealClient[] = [
  {
    name: 'lane',
    rehearsals: laneRehearsals,
    run: (workload) => runLane(workload, laneRehearsals(workload.plan)),
  },
  ...PEERS.map((peer) => ({
    name: peer.name,
    rehearsals: () => 0,
    run: (workload: Workload) => runPeer(peer, workload),
  })),
];

export interface RealFigures {
  readonly client: string;
  readonly plan: PlanName;
  readonly meanDelayMs: number;
  readonly refusals: number;
  readonly finished: number;
  readonly jobs: number;
}

/** Durations are dealt as jobs are created. */
function dealt(log: readonly LogEntry[], workload: Workload, rehearsals: number): Map<string, number> {
  const turns = new Map<string, number>();
  for (const workflowId of workload.orders) turns.set(workflowId, (turns.get(workflowId) ?? 0) + rehearsals);
  const durations = new Map<string, number>();
  for (const { effect, body } of log) {
    if (effect?.type !== 'created') continue;
    const workflowId = body.workflowId ?? '';
    const list = workload.durations.get(workflowId) ?? [];
    const turn = turns.get(workflowId) ?? 0;
    turns.set(workflowId, turn + 1);
    durations.set(effect.jobSpecId, list[turn % list.length] ?? 0);
  }
  return durations;
}

/** From the completion on the server to the request for the result, which each client sends as soon as it knows. */
function delaysOf({ log }: Outcome, workload: Workload, rehearsals: number): number[] {
  const durations = dealt(log, workload, rehearsals);
  const completedAt = new Map<string, number>();
  const delays: number[] = [];
  for (const entry of log) {
    const { effect, jobSpecId = '' } = entry;
    if (effect?.type === 'confirmed' && !completedAt.has(jobSpecId)) {
      completedAt.set(jobSpecId, entry.at + CONFIRMING_MS + (durations.get(jobSpecId) ?? 0));
    }
    const end = completedAt.get(jobSpecId);
    if (isDownload(entry) && end !== undefined) {
      delays.push(entry.at - ROUND_TRIP_MS / 2 - end);
      completedAt.delete(jobSpecId);
    }
  }
  return delays;
}

const isDownload = ({ endpoint, status }: LogEntry): boolean => endpoint === 'download' && status === 200;

async function measureOne(client: RealClient, scale: Scale, seeds: number): Promise<RealFigures> {
  const delays: number[] = [];
  let refusals = 0;
  let finished = 0;
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { jobs, concurrency, plan } = scale;
    const workload = { ...createWorkload(jobs, concurrency, seed), plan };
    const outcome = await client.run(workload);
    delays.push(...delaysOf(outcome, workload, client.rehearsals(plan)));
    refusals += outcome.refusedReads + outcome.refusedCreates;
    finished += outcome.finished;
  }
  const meanDelayMs = delays.reduce((sum, delay) => sum + delay, 0) / Math.max(delays.length, 1);
  return { client: client.name, plan: scale.plan, meanDelayMs, refusals, finished, jobs: seeds * scale.jobs };
}

export async function measureRealClients(
  seeds: number,
  onFigures: (figures: RealFigures) => void,
): Promise<readonly RealFigures[]> {
  const all: RealFigures[] = [];
  for (const scale of SCALES) {
    for (const client of CLIENTS) {
      const figures = await measureOne(client, scale, seeds);
      all.push(figures);
      onFigures(figures);
    }
  }
  return all;
}

export function realClientsReport(all: readonly RealFigures[], seeds: number): string {
  const laneOf = (plan: PlanName): number =>
    all.find((figures) => figures.plan === plan && figures.client === 'lane')?.meanDelayMs ?? Number.NaN;
  const rows = all.map(({ client, plan, meanDelayMs, refusals, finished, jobs }) => [
    `${client}, ${plan}`,
    finished === 0 ? '–' : (meanDelayMs / 1_000).toFixed(2),
    finished < jobs ? '–' : (meanDelayMs / laneOf(plan)).toFixed(1),
    String(refusals),
    `${finished} / ${jobs}`,
  ]);
  return `### Real clients against the emulator

The same question to the whole code of each client, in virtual time over ${seeds} seeds: the real packages at their documented options (2 s interval, their
own retries), each with its requests ended in the emulator's in-process transport, on the fixed window. Jobs take 15 s to 60 s (the workload under *Makespan*): 10 on
Free, 60 on Pro, 200 on Business, as many at once as the plan allows. The lane has run as many jobs once before (on Free none: ten a day is all there is). A
job that a client gives up on is lost and has no delay: where jobs are lost the mean is of those that were lucky, and is not compared.

${table([['client', 'mean delay s', '× lane', '429s', 'finished'], ...rows])}
`;
}
