// By hand: `npm run test:mutation -- --mutate src/machines/failure/retry-policy.ts`, with GOAL_LANE_MUTATION_TESTS to name the tests that meet it.
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutation.config.ts', related: false },
  coverageAnalysis: 'perTest',
  checkers: [],
  // None: Stryker would rewrite it by an API that TypeScript 7 no longer has.
  tsconfigFile: 'tsconfig.none.json',
  ignorePatterns: ['dist', 'docs', 'bench', 'api'],
  concurrency: 1,
  ignoreStatic: true,
  reporters: ['clear-text', 'progress-append-only'],
  tempDirName: '.stryker-tmp',
  timeoutMS: 20_000,
  // The pure parts of machines, interpreter, services and lane.
  mutate: [
    'src/machines/{failure,question,reading,guards}/*.ts',
    'src/engine/interpreter/*.ts',
    'src/engine/lane/{reads,starts}/*.ts',
    'src/services/{limits,errors,speakers,content,wire}/*.ts',
  ],
};
