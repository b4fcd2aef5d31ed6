// Draws docs/statechart.svg and .mmd, and the data of the live chart, from the machine: `npm run docs:chart`.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// Inside the project, so that the bundle finds its packages.
const scratch = await mkdtemp(join(root, 'node_modules', '.draw-chart-'));
try {
  const outfile = join(scratch, 'draw-chart.mjs');
  await build({
    stdin: {
      contents: `export { drawChart } from './scripts/chart/draw-chart.js';
export { goalJobMachine } from './src/machines/index.js';`,
      resolveDir: root,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  const { drawChart, goalJobMachine } = await import(pathToFileURL(outfile).href);
  for (const [name, content] of Object.entries(drawChart(goalJobMachine))) {
    await writeFile(join(root, name), content);
    process.stdout.write(`${name}\n`);
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
