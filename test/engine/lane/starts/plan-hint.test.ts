import { expect, it } from 'vitest';
import { PLAN_NAMES, planHint } from '../../../../src/engine/lane/starts/plan-hint.js';

// The table of the reference ("Rate Limits").
it.each([
  ['free', 5, 60, 10],
  ['pro', 20, 300, 500],
  ['business', 100, 1_000, Number.POSITIVE_INFINITY],
] as const)('%s has %d jobs at once, %d reads a minute, %d creates a day', (plan, jobs, reads, creates) => {
  expect(PLAN_NAMES).toContain(plan);
  expect(planHint(plan)).toEqual({
    concurrentJobs: jobs,
    statusReadsPerMinute: reads,
    createsPerDay: creates,
  });
});

it('is what the host says, which may be nothing', () => {
  expect(PLAN_NAMES).toHaveLength(3);
  expect(planHint({ concurrentJobs: 7 })).toEqual({ concurrentJobs: 7 });
  expect(planHint(undefined)).toEqual({});
});
