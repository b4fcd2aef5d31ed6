// The property test for long: `node scripts/soak.mjs [runs a seed] [seed...]`, ten new seeds by default. Prints a table of all of them.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const [runs = '100000', ...given] = process.argv.slice(2);
const seeds =
  given.length > 0 ? given : Array.from({ length: 10 }, (_, index) => (Date.now() + index * 7_919) % 2 ** 31);
const WORKERS = Number(process.env.GOAL_LANE_WORKERS ?? availableParallelism());

// Beside the packages, so that those which are not bundled are found.
const folder = mkdtempSync(join('node_modules', '.soak-'));
const outfile = join(folder, 'soak.mjs');
await build({
  entryPoints: ['test/model/property/soak.ts'],
  ...{ outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'warning' },
});

/** Most of what a run makes is soon garbage, and larger young generations copy less of it. */
const play = (seed) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['--max-semi-space-size=32', outfile, seed, runs], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.on('close', () => {
      process.stdout.write(text);
      resolve(JSON.parse(text.split('\n')[0] || `{"seed":${seed},"runs":0,"reason":"it died"}`));
    });
  });

const results = [];
const queue = [...seeds];
await Promise.all(
  Array.from({ length: WORKERS }, async () => {
    for (let seed = queue.shift(); seed !== undefined; seed = queue.shift())
      results.push(await play(String(seed)));
  }),
);
rmSync(folder, { recursive: true });

const total = (name) => {
  const counts = {};
  for (const result of results)
    for (const [key, count] of Object.entries(result[name] ?? {})) counts[key] = (counts[key] ?? 0) + count;
  return Object.entries(counts).sort(([, a], [, b]) => b - a);
};
const rows = (entries) => entries.map(([name, count]) => `| ${name} | ${count} |`).join('\n');
const sum = (name) => results.reduce((all, result) => all + (result[name] ?? 0), 0);
const broken = results.filter(({ reason }) => reason !== undefined);
console.log(`| seed | runs | requests |
| --: | --: | --: |
${results.map(({ seed, runs: made, requests }) => `| ${seed} | ${made} | ${requests} |`).join('\n')}
| all | ${sum('runs')} | ${sum('requests')} |

| fault | fired |
| -- | --: |
${rows(total('faults'))}

| outcome | runs |
| -- | --: |
${rows(total('outcomes'))}`);
for (const { seed, path, reason } of broken) console.error(`seed ${seed}, path ${path}: ${reason}`);
process.exit(broken.length > 0 ? 1 : 0);
