// Types, lint and the quick tests, side by side.
import { sideBySide } from './side-by-side.mjs';

const commands = {
  types: ['tsc', '-p', 'tsconfig.json'],
  lint: ['biome', 'check', '--error-on-warnings', '.'],
  tests: ['vitest', 'run', '--config', 'vitest.quick.config.ts', ...process.argv.slice(2)],
};
process.exitCode = (await sideBySide('test-quick', commands, ['tests'])) ? 0 : 1;
