// Types, lint and the quick tests, side by side.
import { spawnSync } from 'node:child_process';
import { sideBySide } from './side-by-side.mjs';

// The examples of the docs import the package by its name: without a build they have no types.
if (spawnSync('npm', ['run', '--silent', 'built'], { stdio: 'inherit' }).status !== 0) process.exit(1);
const commands = {
  types: ['tsc', '-p', 'tsconfig.json'],
  lint: ['biome', 'check', '--error-on-warnings', '.'],
  tests: ['vitest', 'run', '--config', 'vitest.quick.config.ts', ...process.argv.slice(2)],
};
process.exitCode = (await sideBySide('test-quick', commands, ['tests'])) ? 0 : 1;
