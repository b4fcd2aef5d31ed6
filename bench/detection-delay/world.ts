import type { Random } from './random.js';

export const PROGRESS_KINDS = ['linear', 'noisy', 'stalling', 'absent'] as const;
export type ProgressKind = (typeof PROGRESS_KINDS)[number];

/** One of the 16 workflows that the simulated jobs run: four kinds of progress, four mean durations. */
export interface SimWorkflow {
  readonly id: string;
  readonly kind: ProgressKind;
  readonly meanMs: number;
  /** One in four pauses once for a person. */
  readonly checkpoint: boolean;
}

/** A job as the server will run it. */
export interface SimJob {
  readonly workflow: SimWorkflow;
  /** Durations of the stretches of execution, in ms. */
  readonly segments: readonly number[];
  readonly fails: boolean;
  /** Percent after the job executed for `activeMs` in all; undefined if the workflow reports none. */
  readonly progressAt: (activeMs: number) => number | undefined;
}

const MEANS_MS = [30_000, 80_000, 220_000, 600_000];
const SIGMA = 0.4;
const FAILURE_RATE = 0.04;

export function createWorkflows(kinds: readonly ProgressKind[]): readonly SimWorkflow[] {
  return kinds.flatMap((kind, row) =>
    MEANS_MS.map((meanMs, column) => ({
      id: `${kind}-${meanMs / 1_000}s`,
      kind,
      meanMs,
      checkpoint: (row + column) % 4 === 3,
    })),
  );
}

/** Lognormal around the workflow's mean; a failure comes at any time of the run. */
export function createJob(workflow: SimWorkflow, random: Random): SimJob {
  const totalMs = workflow.meanMs * Math.exp(SIGMA * random.normal() - (SIGMA * SIGMA) / 2);
  const fails = random.next() < FAILURE_RATE;
  const lastedMs = fails ? totalMs * random.next() : totalMs;
  const pauseMs = totalMs * (0.3 + 0.05 * random.normal());
  const pauses = workflow.checkpoint && pauseMs > 1_000 && pauseMs < lastedMs - 1_000;
  return {
    workflow,
    segments: pauses ? [pauseMs, lastedMs - pauseMs] : [Math.max(lastedMs, 1_000)],
    fails,
    progressAt: progressCurve(workflow.kind, totalMs, random),
  };
}

function progressCurve(kind: ProgressKind, totalMs: number, random: Random): SimJob['progressAt'] {
  switch (kind) {
    case 'linear':
      return (activeMs) => percent(activeMs / totalMs);
    case 'noisy':
      return noisyCurve(totalMs, random);
    case 'stalling':
      return stallingCurve(totalMs, random);
    default:
      return () => undefined;
  }
}

/** Bent (early fast or early slow), with noise of 3 points that may run backwards. */
function noisyCurve(totalMs: number, random: Random): SimJob['progressAt'] {
  const bend = Math.exp(0.2 * random.normal());
  const noise = Array.from({ length: 64 }, () => 0.03 * random.normal());
  return (activeMs) =>
    percent((activeMs / totalMs) ** bend + (noise[Math.floor(activeMs / 3_000) % 64] ?? 0));
}

/** Stands still twice, for 10 to 30 % of the run each, and runs straight in between. */
function stallingCurve(totalMs: number, random: Random): SimJob['progressAt'] {
  const first = 0.1 + 0.3 * random.next();
  const second = 0.55 + 0.2 * random.next();
  const lengths = [0.1 + 0.1 * random.next(), 0.1 + 0.2 * random.next()];
  const moving = 1 - (lengths[0] ?? 0) - (lengths[1] ?? 0);
  return (activeMs) => {
    const at = activeMs / totalMs;
    const stood = clamp(at - first, 0, lengths[0] ?? 0) + clamp(at - second, 0, lengths[1] ?? 0);
    return percent((at - stood) / moving);
  };
}

function percent(part: number): number {
  return clamp(Math.floor(100 * part), 0, 99);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
