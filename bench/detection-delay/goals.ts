import { FOUR, LEARNED, ROUND_ROBIN } from './contenders.js';
import type { Figures } from './measure.js';

type Bounds = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Upper bounds of the mean delay relative to U, by contender and plan. */
const RATIOS: Bounds = {
  [LEARNED]: { Free: 0.9, Pro: 0.75, Business: 0.6 },
  [ROUND_ROBIN]: { Free: 1.15, Pro: 1.15, Business: 1.15 },
  [FOUR]: { Free: 1.3, Pro: 1.2, Business: 0.9 },
};
/** In a fixed window reads can be saved. */
const RATIOS_FIXED: Bounds = {
  ...RATIOS,
  [LEARNED]: { Free: 0.68, Pro: 0.66, Business: 0.47 },
  [FOUR]: { Free: 1.05, Pro: 1.2, Business: 0.9 },
};
/** s, of the 95th percentile in a fixed window: what it was before reads were saved. */
const P95_FIXED: Bounds = { [LEARNED]: { Free: 3.88, Pro: 2.6, Business: 2.8 } };
/** In units of n/B. */
const LONGEST_GAP = 3.5;

const boundOf = (bounds: Bounds, { contender, plan }: Figures): number | undefined =>
  bounds[contender.name]?.[plan.name];

export const goalOf = (figures: Figures): number | undefined =>
  boundOf(figures.limiter === 'FW' ? RATIOS_FIXED : RATIOS, figures);

/** What of the goals is missed, in words; empty where all is met. */
export function missed(figures: Figures): string[] {
  if (!figures.contender.isOurs) return [];
  const name = `${figures.contender.name}, ${figures.plan.name}, ${figures.limiter}`;
  const goal = goalOf(figures) ?? Number.POSITIVE_INFINITY;
  const p95 = figures.p95DelayMs / 1_000;
  const p95Goal = figures.limiter === 'FW' ? boundOf(P95_FIXED, figures) : undefined;
  return [
    ...(p95 > (p95Goal ?? Number.POSITIVE_INFINITY)
      ? [`${name}: p95 ${p95.toFixed(2)} s, goal ${p95Goal}`]
      : []),
    ...(figures.ratio > goal ? [`${name}: ${figures.ratio.toFixed(2)} × U, goal ${goal}`] : []),
    ...(figures.refusals > 0 ? [`${name}: ${figures.refusals} refusals (429), goal 0`] : []),
    ...(figures.longestGap > LONGEST_GAP
      ? [`${name}: longest gap ${figures.longestGap.toFixed(2)} n/B, goal ${LONGEST_GAP}`]
      : []),
  ];
}
