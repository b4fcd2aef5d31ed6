// Runs one benchmark written in TypeScript: `node bench/run.mjs detection-delay [arguments…]`.
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const [name, ...rest] = process.argv.slice(2);
if (name === undefined) {
  process.stderr.write('usage: node bench/run.mjs <benchmark> [arguments…]\n');
  process.exit(2);
}
const outfile = join(here, '.build', `${name}.mjs`);
await mkdir(dirname(outfile), { recursive: true });
await build({
  entryPoints: [join(here, name, 'main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
process.argv = [process.argv[0], outfile, ...rest];
await import(pathToFileURL(outfile).href);
