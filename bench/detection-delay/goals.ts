import { FOUR, LEARNED, ROUND_ROBIN } from './contenders.js';
import type { Figures } from './measure.js';

/** Upper bounds of the mean delay relative to U, by contender and plan. */
const RATIOS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  [LEARNED]: { Free: 0.9, Pro: 0.75, Business: 0.6 },
  [ROUND_ROBIN]: { Free: 1.15, Pro: 1.15, Business: 1.15 },
  [FOUR]: { Free: 1.3, Pro: 1.2, Business: 0.9 },
};
/** In units of n/B. */
const LONGEST_GAP = 3.5;

export const goalOf = ({ contender, plan }: Figures): number | undefined =>
  RATIOS[contender.name]?.[plan.name];

/** What of the goals is missed, in words; empty where all is met. */
export function missed(figures: Figures): string[] {
  if (!figures.contender.isOurs) return [];
  const name = `${figures.contender.name}, ${figures.plan.name}, ${figures.limiter}`;
  const goal = goalOf(figures) ?? Number.POSITIVE_INFINITY;
  return [
    ...(figures.ratio > goal ? [`${name}: ${figures.ratio.toFixed(2)} × U, goal ${goal}`] : []),
    ...(figures.refusals > 0 ? [`${name}: ${figures.refusals} refusals (429), goal 0`] : []),
    ...(figures.longestGap > LONGEST_GAP
      ? [`${name}: longest gap ${figures.longestGap.toFixed(2)} n/B, goal ${LONGEST_GAP}`]
      : []),
  ];
}
