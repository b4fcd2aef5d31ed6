import { table } from '../write-report.js';
import type { Plan } from './contenders.js';
import { goalOf, missed } from './goals.js';
import type { Figures } from './measure.js';

const seconds = (ms: number): string => (ms / 1_000).toFixed(2);

const HEAD = [
  'policy',
  'limiter',
  'mean s',
  '× U',
  'goal',
  'p95 s',
  '429s',
  'longest gap (n/B)',
  'limit used',
];

const row = (figures: Figures): string[] => [
  figures.contender.name,
  figures.limiter,
  seconds(figures.meanDelayMs),
  figures.ratio.toFixed(2),
  goalOf(figures) === undefined ? '' : `≤ ${goalOf(figures)}`,
  seconds(figures.p95DelayMs),
  String(figures.refusals),
  figures.longestGap.toFixed(1),
  `${Math.round(figures.used * 100)} %`,
];

const kindRow = (figures: Figures): string[] => {
  const { linear, noisy, stalling, absent } = figures.delayMsByKind;
  return [
    `${figures.contender.name}, ${figures.plan.name}`,
    ...[linear, noisy, stalling, absent].map(seconds),
  ];
};

const sectionOf = (plan: Plan, all: readonly Figures[]): string => {
  const mine = all.filter((figures) => figures.plan === plan);
  const title = `### ${plan.name}: ${plan.concurrency} jobs at once, ${plan.readsPerMinute} reads a minute`;
  return `${title}\n\n${table([HEAD, ...mine.map(row)])}`;
};

export function report(
  plans: readonly Plan[],
  all: readonly Figures[],
  seeds: number,
  command: string,
): string {
  const shortfalls = all.flatMap(missed);
  const kinds = all.filter(({ limiter, contender }) => limiter === 'FW' && contender.processes === 1);
  return `## Detection delay

\`${command}\`: virtual time, ${seeds} seeds, each 40 minutes at the plan's full concurrency with the queue behind it. Job durations are
lognormal with means from 30 s to 10 min, progress in equal quarters linear, noisy, stalling and absent, one workflow in four with a
checkpoint, 4 % failures, 80 ms round trips. Delay: from a change of the server's state until the client knows. **U** is the least mean delay of any policy without
knowledge, max(1 s, n/2B) plus half a round trip, for the n jobs that really ran at once. Limiters: FW fixed window, SL sliding log, TB
token bucket. The loops are models: a timer per job, 2 s after each reply; after a 429 until the reset, or the exponential delay of axios-retry
(factor 1 s, 20 % jitter), which knows no \`X-RateLimit-Reset\`. 429s are the sum of all seeds.

${plans.map((plan) => sectionOf(plan, all)).join('\n\n')}

### By progress (fixed window), mean s

${table([['policy', 'linear', 'noisy', 'stalling', 'absent'], ...kinds.map(kindRow)])}

### Goals

${shortfalls.length === 0 ? 'All met.' : shortfalls.map((text) => `- missed: ${text}`).join('\n')}

![Delay relative to U](../plots/detection-delay-ratio.svg)
![Distribution of the delay](../plots/detection-delay-distribution.svg)
`;
}
