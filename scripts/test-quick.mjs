// Types, lint and the quick tests, side by side. What a check prints is shown when it ends; the tests print as they run.
import { spawn } from 'node:child_process';
import { basename } from 'node:path';

const CHECKS = {
  types: ['tsc', '-p', 'tsconfig.json'],
  lint: ['biome', 'check', '--error-on-warnings', '.'],
  tests: ['vitest', 'run', '--config', 'vitest.quick.config.ts', ...process.argv.slice(2)],
};

/** Resolves with the exit code, after printing its output if it failed. */
function run([command, ...args], own) {
  const child = spawn(command, args, { stdio: own ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => output.push(chunk));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(`cannot be started: ${error.message}`));
    child.on('close', (code, signal) => {
      if (code !== 0) process.stderr.write(Buffer.concat(output));
      resolve(code ?? signal);
    });
  });
}

const startedAt = performance.now();
const results = await Promise.all(
  Object.entries(CHECKS).map(async ([name, command]) => [name, await run(command, name === 'tests')]),
);
const failed = results.filter(([, code]) => code !== 0);
const seconds = Math.round((performance.now() - startedAt) / 1_000);
const summary =
  failed.length === 0 ? 'all passed' : failed.map(([name, code]) => `${name}: ${code}`).join(', ');
process.stderr.write(`${basename(import.meta.url, '.mjs')}: ${summary}, ${seconds} s\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
