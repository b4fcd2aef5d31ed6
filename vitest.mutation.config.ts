import { defineConfig } from 'vitest/config';

const chosen = process.env.GOAL_LANE_MUTATION_TESTS?.split(' ');

/** What meets a mutant: the tests of the pure rooms, without the proofs and without what handles megabytes, measures memory or starts processes. */
export default defineConfig({
  test: {
    include: chosen ?? [
      'test/machines/**/*.test.ts',
      'test/services/**/*.test.ts',
      'test/engine/binding/**/*.test.ts',
      'test/engine/interpreter/**/*.test.ts',
      'test/engine/job/**/*.test.ts',
      'test/engine/lane/**/*.test.ts',
    ],
    exclude: [
      '**/*memory*.test.ts',
      '**/huge-*.test.ts',
      // Measures time, which a slow run of a mutant would fail.
      '**/*-cost.test.ts',
      '**/same-as-actor.test.ts',
      '**/detection-delay.test.ts',
    ],
    testTimeout: 30_000,
  },
});
