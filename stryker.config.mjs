// By hand: `npm run test:mutation -- --mutate 'src/machines/guards/*.ts'`. The tests are those that mirror the folder, and a few more that meet it;
// GOAL_LANE_MUTATION_TESTS names others.

/** Tests outside of the folder that mirrors a room. */
const MORE_TESTS = {
  'services/errors': ['test/services/failure-from-*.test.ts'],
  'services/wire': ['test/services/http/parse-reply.test.ts'],
};

const isMutate = (word) => word === '--mutate' || word === '-m';
const given = process.argv.flatMap((word, at) =>
  isMutate(process.argv[at - 1]) ? word.split(/,(?![^{]*})/) : word.startsWith('--mutate=') ? [word.slice(9)] : [],
);
// Everything up to the last folder, so that a pattern names its room as a file does.
const rooms = given.map((pattern) => /^src\/(.+)\/[^/]*$/.exec(pattern)?.[1]).filter((room) => room !== undefined);
const tests = rooms.flatMap((room) => [`test/${room}/**/*.test.ts`, ...(MORE_TESTS[room] ?? [])]);
// The test runner is a process of its own, which sees the environment, not these arguments.
if (tests.length > 0) process.env.GOAL_LANE_MUTATION_TESTS ??= tests.join(' ');

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
