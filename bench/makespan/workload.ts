import type { EmulatedWorkflow } from '../../src/adapters/emulator/index.js';
import { createRandom, type Random } from '../detection-delay/random.js';
import type { Trial } from '../peers/trial.js';

const MEANS_MS = [15_000, 30_000, 45_000, 60_000];
const CURVES = ['linear', 'noisy'] as const;
const SIGMA = 0.3;

interface Kind {
  readonly specId: string;
  readonly curve: (typeof CURVES)[number];
  readonly meanMs: number;
}

const KINDS: readonly Kind[] = MEANS_MS.flatMap((meanMs) =>
  CURVES.map((curve) => ({ specId: `${curve}-${meanMs / 1_000}s`, curve, meanMs })),
);

const draw = (random: Random, meanMs: number): number =>
  Math.round(meanMs * Math.exp(SIGMA * random.normal() - (SIGMA * SIGMA) / 2));

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  return items
    .map((item) => ({ item, key: random.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

export const CONFIRMING_MS = 300;

/** Durations are dealt in the order of the creates, and again from the start when all are dealt: the same ones for every contender. */
function workflowOf({ specId, curve }: Kind, durations: readonly number[]): EmulatedWorkflow {
  let dealt = 0;
  const deal = (): number => durations[dealt++ % durations.length] ?? 0;
  return {
    specId,
    name: specId,
    description: 'For the benchmark',
    supportedInputFormats: ['txt'],
    requiredSlots: [],
    maxInputSizeBytes: 1_000,
    minFileCount: 1,
    execution: { durationMs: deal, confirmingMs: CONFIRMING_MS, curve },
  };
}

export interface Workload extends Trial {
  /** The makespan of someone who knows of every change at once, by list scheduling. */
  readonly idealMs: number;
  /** Mean end of a job under the same list scheduling. */
  readonly idealMeanMs: number;
  /** Durations of a workflow's jobs in ms, in the order of their creation. */
  readonly durations: ReadonlyMap<string, readonly number[]>;
}

/** So many jobs in an order of the seed's, of eight workflows whose durations are lognormal around 15 s to 60 s. */
export function createWorkload(
  count: number,
  concurrency: number,
  seed: number,
  faults?: Trial['faults'],
): Workload {
  const random = createRandom(seed * 6_151);
  const each = Math.ceil(count / KINDS.length);
  const durations = new Map(
    KINDS.map(({ specId, meanMs }) => [specId, Array.from({ length: each }, () => draw(random, meanMs))]),
  );
  const listOf = (specId: string): readonly number[] => durations.get(specId) ?? [];
  const orders = shuffled(
    KINDS.flatMap(({ specId }) => Array.from({ length: each }, () => specId)),
    random,
  ).slice(0, count);
  const ends = idealEnds(orders, listOf, concurrency);
  return {
    plan: 'business',
    concurrency,
    seed,
    orders,
    durations,
    workflows: () => KINDS.map((kind) => workflowOf(kind, listOf(kind.specId))),
    idealMs: Math.max(...ends),
    idealMeanMs: ends.reduce((sum, end) => sum + end, 0) / ends.length,
    ...(faults === undefined ? {} : { faults }),
  };
}

/** Create, confirm and download each cost a round trip beside the work. */
const CALLS_MS = 3 * 80 + CONFIRMING_MS;

function idealEnds(
  orders: readonly string[],
  listOf: (specId: string) => readonly number[],
  places: number,
): number[] {
  const dealt = new Map<string, number>();
  const freeAt = Array.from({ length: places }, () => 0);
  const ends: number[] = [];
  for (const specId of orders) {
    const at = dealt.get(specId) ?? 0;
    dealt.set(specId, at + 1);
    const begin = Math.min(...freeAt);
    const end = begin + CALLS_MS + (listOf(specId)[at] ?? 0);
    freeAt[freeAt.indexOf(begin)] = end;
    ends.push(end);
  }
  return ends;
}
