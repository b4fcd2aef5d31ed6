// What a browser's bundle of a door weighs: everything that the door exports and needs, XState included, by esbuild, minified and gzipped.
// The entries and their limits stand in .size-limit.json. A limit is what a door weighs today, and falls with it; `goal` is where it is to get to.
//   --json  prints the figures as JSON
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const KIB = 1024;
export const inKib = (bytes) => Math.round((bytes / KIB) * 10) / 10;
const kibOf = (text) => Number(/^([\d.]+) KiB$/.exec(text)?.[1]);

/** The bundle of a program, and its size in bytes. */
export async function bundleSize(contents, { external = [], resolveDir = process.cwd() } = {}) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    write: false,
    minify: true,
    platform: 'browser',
    format: 'esm',
    external,
    logLevel: 'silent',
  });
  const [{ contents: code }] = outputFiles;
  return { minified: code.length, gzip: gzipSync(code, { level: 9 }).length };
}

/** Every entry of the configuration with what it weighs (KiB). */
export async function sizes(file = '.size-limit.json') {
  const entries = JSON.parse(readFileSync(file, 'utf8'));
  const measured = [];
  for (const { name, program, limit, goal } of entries) {
    const [all, alone] = [await bundleSize(program), await bundleSize(program, { external: ['xstate'] })];
    measured.push({
      name,
      minified: inKib(all.minified),
      gzip: inKib(all.gzip),
      withoutXstate: inKib(alone.gzip),
      limit: kibOf(limit),
      goal: kibOf(goal),
    });
  }
  return measured;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const measured = await sizes();
  if (process.argv.includes('--json')) console.log(JSON.stringify(measured));
  else console.table(measured);
  const over = measured.filter(({ gzip, limit }) => gzip > limit);
  for (const { name, gzip, limit } of over) console.error(`${name}: ${gzip} KiB, at most ${limit} KiB`);
  if (over.length > 0) process.exitCode = 1;
}
