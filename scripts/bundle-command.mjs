// Bundles the command into dist/adapters/cli, in place of what tsc put there: it starts from a few files instead of hundreds, and
// what only the command needs is no dependency of those who embed the library. Whatever else is a dependency stays one.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { external, licences, ownPlaces, placed, root } from './bundling.mjs';

const dist = join(root, 'dist');
const out = join(dist, 'adapters', 'cli');

rmSync(out, { recursive: true, force: true });
const { outputFiles, metafile } = await build({
  write: false,
  entryPoints: [join(root, 'src/adapters/cli/main.ts')],
  outdir: out,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  chunkNames: '[name]-[hash]',
  minifySyntax: true,
  legalComments: 'none',
  // Many small files would be much of the time that the command takes to start.
  external: external.filter((name) => !/^(xstate|xdg-basedir)(\/|$)/.test(name)),
  // For what was written for CommonJS.
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
  },
  plugins: [ownPlaces],
  metafile: true,
  logLevel: 'warning',
});
mkdirSync(out, { recursive: true });
for (const { path, text } of outputFiles) writeFileSync(path, placed(text, relative(dist, path)));
writeFileSync(join(out, 'THIRD-PARTY-LICENSES.txt'), licences(metafile.inputs));
