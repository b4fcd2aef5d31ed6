// Runs one benchmark written in TypeScript: `npm run bench -- detection-delay [arguments…]`, or all of them: `npm run bench`.
// Each writes its section to docs/benchmarks/; afterwards the sections are joined into docs/benchmarks.md.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);

async function benchmarks() {
  const entries = await readdir(here, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(join(here, entry.name, 'main.ts')))
    .map((entry) => entry.name)
    .sort();
}

async function run(name, rest) {
  const outfile = join(root, 'node_modules', '.cache', 'goal-lane-bench', `${name}.mjs`);
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
  // A process of its own: what one benchmark leaves in memory is not measured in the next.
  const { status } = spawnSync(process.execPath, ['--expose-gc', outfile, ...rest], {
    cwd: root,
    stdio: 'inherit',
  });
  return status ?? 1;
}

async function assemble() {
  const folder = join(root, 'docs', 'benchmarks');
  const files = existsSync(folder)
    ? (await readdir(folder)).filter((file) => file.endsWith('.md')).sort()
    : [];
  const sections = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const machine = `Node ${process.versions.node}, ${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB`;
  const head = `# Benchmarks

Made by \`npm run bench\` (each section names its own command) on ${machine}. Peers run in the same run as ours; compare the
ratios, not the absolute figures, with those of another machine.
`;
  // A section links from its own folder; the whole page lies one higher.
  const text = [head, ...sections].join('\n').replaceAll('](../', '](');
  if (sections.length > 0) await writeFile(join(root, 'docs', 'benchmarks.md'), text);
}

const known = await benchmarks();
const [name, ...rest] = process.argv.slice(2);
if (name !== undefined && !known.includes(name)) {
  process.stderr.write(`usage: npm run bench -- [${known.join(' | ')}] [arguments…]\n`);
  process.exit(2);
}
let failed = 0;
for (const each of name === undefined ? known : [name]) failed = (await run(each, rest)) || failed;
await assemble();
process.exitCode = failed;
