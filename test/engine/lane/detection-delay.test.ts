import { describe, expect, it } from 'vitest';
import { CONTENDERS, FOUR, LEARNED, PLANS, ROUND_ROBIN } from '../../../bench/detection-delay/contenders.js';
import { LIMITERS } from '../../../bench/detection-delay/limiters.js';
import { measure } from '../../../bench/detection-delay/measure.js';

/** The benchmark's goals, with room for the luck of few seeds. */
const GOALS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  [LEARNED]: { Free: 0.8, Pro: 0.74, Business: 0.52 },
  [ROUND_ROBIN]: { Free: 1.25, Pro: 1.2, Business: 1.2 },
  [FOUR]: { Free: 1.25, Pro: 1, Business: 0.8 },
};

const cases = PLANS.filter(({ name }) => name !== 'Business').flatMap((plan) =>
  LIMITERS.flatMap((limiter) =>
    CONTENDERS.filter(({ name }) => name in GOALS).map((contender) => ({
      title: `${contender.name}, ${plan.name}, ${limiter}`,
      plan,
      limiter,
      contender,
    })),
  ),
);

describe('the delay until a change is known, against the bound of any policy without knowledge', () => {
  it.each(cases)('$title', ({ plan, limiter, contender }) => {
    const { ratio, refusals, longestGap, shortestGapMs } = measure(plan, limiter, contender, 3);
    expect(refusals).toBe(0);
    expect(ratio).toBeLessThan(GOALS[contender.name]?.[plan.name] ?? 0);
    expect(longestGap).toBeLessThan(4);
    expect(shortestGapMs).toBeGreaterThanOrEqual(2_000);
  });

  it('is far shorter than with a loop for each job', () => {
    const plan = PLANS.find(({ name }) => name === 'Pro');
    const loop = CONTENDERS.find(({ isOurs }) => !isOurs);
    if (plan === undefined || loop === undefined) throw new Error('the benchmark has lost its contenders');
    const { ratio, refusals } = measure(plan, 'FW', loop, 2);
    expect(ratio).toBeGreaterThan(2.5);
    expect(refusals).toBeGreaterThan(500);
  });
});
