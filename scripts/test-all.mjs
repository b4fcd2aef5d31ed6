// Lint, dead code and the build, side by side; then the types, and every test.
import { spawnSync } from 'node:child_process';
import { sideBySide } from './side-by-side.mjs';

const checks = {
  lint: ['biome', 'check', '--error-on-warnings', '.'],
  deadcode: ['knip'],
  build: ['npm', 'run', '--silent', 'build'],
};
// The examples of the docs import the package by its name, so their types are those of the build.
const types = { types: ['tsc', '-p', 'tsconfig.json'] };
if (!(await sideBySide('checks', checks)) || !(await sideBySide('types', types))) process.exit(1);
const { status } = spawnSync('vitest', ['run', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, GOAL_LANE_IS_BUILT: '1' },
});
process.exitCode = status ?? 1;
