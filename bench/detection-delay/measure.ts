import type { WorkflowHistory } from '../../src/engine/lane/reads/forecast/workflow-history.js';
import type { Contender, Plan } from './contenders.js';
import { createLimiter, type LimiterName } from './limiters.js';
import { createRandom } from './random.js';
import { type Outcome, simulate } from './simulate.js';
import { createWorkflows, PROGRESS_KINDS, type ProgressKind } from './world.js';

const HORIZON_MS = 40 * 60_000;
export const ROUND_TRIP_MS = 80;

export interface Figures {
  readonly plan: Plan;
  readonly limiter: LimiterName;
  readonly contender: Contender;
  /** Server state change → client knows, in ms. */
  readonly meanDelayMs: number;
  readonly p95DelayMs: number;
  readonly delayMsByKind: Readonly<Record<ProgressKind, number>>;
  /** Mean delay relative to U. */
  readonly ratio: number;
  readonly refusals: number;
  /** Longest gap between two reads of one job, in units of n/B. */
  readonly longestGap: number;
  /** Least time from a reply to the next read of the same job, in ms. */
  readonly shortestGapMs: number;
  /** Part of the limit that was used. */
  readonly used: number;
  /** Sorted, for plots. */
  readonly delaysMs: readonly number[];
}

/** The mean delay that no policy without knowledge beats: each job read once a round, and no more often than every 2 s. */
export function boundMs(executing: number, readsPerMinute: number): number {
  return Math.max(1_000, (executing * 60_000) / readsPerMinute / 2) + ROUND_TRIP_MS / 2;
}

function run(plan: Plan, limiter: LimiterName, contender: Contender, seed: number, past: Past): Outcome {
  const each = Math.floor(plan.concurrency / contender.processes);
  const spare = plan.concurrency % contender.processes;
  return simulate({
    random: createRandom(seed * 7_919),
    workflows: createWorkflows(PROGRESS_KINDS),
    limiter: createLimiter(limiter, plan.readsPerMinute, createRandom(seed + 5)),
    clients: past.map((history, at) => ({
      client: contender.create(createRandom(seed * 31 + at), history),
      concurrency: each + (at < spare ? 1 : 0),
    })),
    horizonMs: HORIZON_MS,
    roundTripMs: ROUND_TRIP_MS,
  });
}

type Past = readonly Map<string, WorkflowHistory>[];

function outcomes(plan: Plan, limiter: LimiterName, contender: Contender, seeds: number): Outcome[] {
  return Array.from({ length: seeds }, (_, at) => {
    // Processes that do not talk do not share what they learn either.
    const past = Array.from({ length: contender.processes }, () => new Map<string, WorkflowHistory>());
    if (contender.rehearses) run(plan, limiter, contender, 10_000 + at, past);
    return run(plan, limiter, contender, 1 + at, past);
  });
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);

export function measure(plan: Plan, limiter: LimiterName, contender: Contender, seeds: number): Figures {
  const runs = outcomes(plan, limiter, contender, seeds);
  const changes = runs.flatMap((outcome) => outcome.changes);
  const delaysMs = changes.map((change) => change.delayMs).sort((a, b) => a - b);
  const meanDelayMs = mean(delaysMs);
  const bound = mean(runs.map((outcome) => boundMs(outcome.executing, plan.readsPerMinute)));
  const byKind = (kind: ProgressKind): number =>
    mean(changes.filter((change) => change.kind === kind).map((change) => change.delayMs));
  const roundMs = (plan.concurrency * 60_000) / plan.readsPerMinute;
  return {
    plan,
    limiter,
    contender,
    meanDelayMs,
    p95DelayMs: delaysMs[Math.floor(delaysMs.length * 0.95)] ?? 0,
    delayMsByKind: {
      linear: byKind('linear'),
      noisy: byKind('noisy'),
      stalling: byKind('stalling'),
      absent: byKind('absent'),
    },
    ratio: meanDelayMs / bound,
    refusals: runs.reduce((sum, outcome) => sum + outcome.refusals, 0),
    longestGap: Math.max(...runs.map((outcome) => outcome.longestGapMs)) / roundMs,
    shortestGapMs: Math.min(...runs.map((outcome) => outcome.shortestGapMs)),
    used: mean(runs.map((outcome) => outcome.reads)) / (HORIZON_MS / 60_000) / plan.readsPerMinute,
    delaysMs,
  };
}
