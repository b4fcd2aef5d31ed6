// Builds the site of docs/ into site/, or serves it while its pages are written: `npm run docs:build`, `npm run docs:dev`.
// VitePress is installed on first use, from the lockfile of tools/docs, so that using or changing the package does not wait for it.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tools = join(root, 'tools', 'docs');
const [, , command = 'build', ...rest] = process.argv;

function run(program, args, cwd) {
  const { status } = spawnSync(program, args, { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const installed = join(tools, 'node_modules', '.package-lock.json');
const isFresh =
  existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(tools, 'package-lock.json')).mtimeMs;
if (!isFresh) run('npm', ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'], tools);
run(process.execPath, [join(tools, 'node_modules/vitepress/bin/vitepress.js'), command, ...rest], tools);
