import type { CurlTransfer } from './curl.js';
import type { Transfer } from './measured.js';

export type Direction = 'up' | 'down';

export interface Round {
  readonly ours: Transfer;
  readonly curl: CurlTransfer;
  /** curl and then sha256sum: what saving and hashing costs without us. */
  readonly curlAndHashMs: number | undefined;
  /** Node's own client, the bytes thrown away. */
  readonly bareMs: number | undefined;
}

const MB = 1024 * 1024;

/** What is asked of each direction: at least, or at most. */
export const GOALS = {
  up: { speed: 0.95, cpu: 1.3, hashed: undefined, growth: undefined },
  down: { speed: 0.75, cpu: undefined, hashed: 1.5, growth: 16 * MB },
} as const;

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

const least = (values: readonly number[]): number => Math.min(...values);

/** Ratios of one direction: each the median by round, `best` the best of both sides. */
export function ratiosOf(rounds: readonly Round[]) {
  const hashed = rounds.flatMap(({ ours, curlAndHashMs }) =>
    curlAndHashMs === undefined ? [] : [curlAndHashMs / ours.ms],
  );
  return {
    speed: median(rounds.map(({ ours, curl }) => curl.ms / ours.ms)),
    best: least(rounds.map(({ curl }) => curl.ms)) / least(rounds.map(({ ours }) => ours.ms)),
    cpu: median(rounds.map(({ ours, curl }) => ours.cpuMs / curl.cpuMs)),
    bestCpu: least(rounds.map(({ ours }) => ours.cpuMs)) / least(rounds.map(({ curl }) => curl.cpuMs)),
    hashed: hashed.length === 0 ? undefined : median(hashed),
    growth: Math.max(...rounds.map(({ ours }) => ours.rssGrowthBytes)),
  };
}

/** What falls short, in words; empty where all is met. */
export function shortfalls(direction: Direction, rounds: readonly Round[]): string[] {
  const goals = GOALS[direction];
  const { speed, cpu, hashed, growth } = ratiosOf(rounds);
  const name = direction === 'up' ? 'upload' : 'download';
  const most = Number.POSITIVE_INFINITY;
  return [
    ...(speed < goals.speed ? [`${name} at ${speed.toFixed(2)} × curl, goal ${goals.speed}`] : []),
    ...(cpu > (goals.cpu ?? most) ? [`${name} at ${cpu.toFixed(2)} × curl's CPU, goal ${goals.cpu}`] : []),
    ...((hashed ?? most) < (goals.hashed ?? 0)
      ? [`${name} at ${hashed?.toFixed(2)} × (curl, then sha256sum), goal ${goals.hashed}`]
      : []),
    ...(growth > (goals.growth ?? most)
      ? [`${name} grows by ${(growth / MB).toFixed(0)} MB, goal ${(goals.growth ?? 0) / MB}`]
      : []),
  ];
}
