import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A package in a folder of its own, with all that it needs and nothing else. */
export interface Installed {
  readonly name: string;
  readonly folder: string;
  readonly bytes: number;
  readonly packages: number;
}

const TOOLS = join('tools', 'bench-package');
const QUIET = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--loglevel=error'];

export function run(program: string, args: readonly string[], cwd: string): string {
  const { stdout, status } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}`);
  return stdout;
}

function measured(name: string, folder: string): Installed {
  const bytes = Number(run('du', ['-sb', 'node_modules'], folder).split('\t')[0]);
  const packages = run('npm', ['ls', '--all', '--parseable'], folder).trim().split('\n').length - 1;
  return { name, folder, bytes, packages };
}

function inFolder(name: string, manifest: object, args: readonly string[]): Installed {
  const folder = mkdtempSync(join(tmpdir(), 'goal-lane-bench-'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', ...manifest }));
  cpSync(join(TOOLS, '.npmrc'), join(folder, '.npmrc'));
  run('npm', ['install', ...QUIET, ...args], folder);
  return measured(name, folder);
}

/** The packed tarball of this package, with XState, which is its peer. */
export function installOurs(): Installed {
  const to = mkdtempSync(join(tmpdir(), 'goal-lane-packed-'));
  // With its scripts: a build from nothing, in which no file of an earlier build is weighed.
  const packed = run('npm', ['pack', '--silent', '--pack-destination', to], process.cwd());
  return inFolder('goal-lane', {}, [join(to, packed.trim().split('\n').at(-1) ?? ''), 'xstate']);
}

/** The peers, in the versions of the lockfile in tools/bench-package. */
export function installPeers(): readonly Installed[] {
  // Boundary: a manifest of our own.
  const { dependencies } = JSON.parse(readFileSync(join(TOOLS, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return Object.entries(dependencies).map(([name, version]) => inFolder(name, {}, [`${name}@${version}`]));
}
