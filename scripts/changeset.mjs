// Runs changesets from tools/changesets, which is installed when it is needed first.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'tools', 'changesets');
const command = join(folder, 'node_modules', '@changesets', 'cli', 'bin.js');

function run(program, args, options = {}) {
  const { status } = spawnSync(program, args, { stdio: 'inherit', ...options });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(command))
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder });
run(process.execPath, [command, ...process.argv.slice(2)]);
