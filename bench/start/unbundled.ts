import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Compiles the same sources file by file, without `scripts/bundle-command.mjs`. Returns the path of the command. */
export function unbundledCommand(): string {
  const folder = join(process.cwd(), 'node_modules', '.cache', 'goal-lane-unbundled');
  mkdirSync(folder, { recursive: true });
  // The command finds its own version there.
  copyFileSync('package.json', join(folder, 'package.json'));
  const args = [
    'tsc',
    '-p',
    'tsconfig.build.json',
    '--outDir',
    join(folder, 'dist'),
    '--declaration',
    'false',
    '--emitDeclarationOnly',
    'false',
  ];
  const { status } = spawnSync('npx', args, { stdio: 'inherit' });
  if (status !== 0) throw new Error('the sources do not compile');
  return join(folder, 'dist', 'adapters', 'cli', 'main.js');
}
