// Lint, types, dead code and the build, side by side; then every test.
import { spawnSync } from 'node:child_process';
import { sideBySide } from './side-by-side.mjs';

const checks = {
  lint: ['biome', 'check', '--error-on-warnings', '.'],
  types: ['tsc', '-p', 'tsconfig.json'],
  deadcode: ['knip'],
  build: ['npm', 'run', '--silent', 'build'],
};
if (!(await sideBySide('checks', checks))) process.exit(1);
const { status } = spawnSync('vitest', ['run', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, GOAL_LANE_IS_BUILT: '1' },
});
process.exitCode = status ?? 1;
