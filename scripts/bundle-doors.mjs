// Bundles the doors of the package into dist: each loads a few files instead of hundreds, and what several need is one file, so that a
// class or a table exists once, whichever door it comes from. zod is bundled: Node would load all of it, its translations too.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { external, licences, ownPlaces, placed, root } from './bundling.mjs';

const dist = join(root, 'dist');
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const doors = Object.values(exports).flatMap(({ default: file }) => (file === undefined ? [] : [file]));
/** Entries that no host imports: a program that is started, and what starts it. */
const programs = ['worker-process.js', 'serve-workers.js'].map(
  (file) => `dist/adapters/restate/worker/${file}`,
);

/**
 * What is written with all of `zod` gets a zod of its own. In one with `zod/mini`, a page that loads the client would load what
 * only the emulator uses: a namespace that is passed as a value takes everything with it.
 */
const WHOLE = '?whole';
const wholeZod = {
  name: 'whole-zod',
  setup(building) {
    const found = async (path, { importer, resolveDir, kind }) => ({
      ...(await building.resolve(path, { importer, resolveDir, kind, pluginData: 'found' })),
      suffix: WHOLE,
    });
    building.onResolve({ filter: /^zod$/ }, (from) =>
      from.pluginData === 'found' ? undefined : found('zod', from),
    );
    building.onResolve({ filter: /^\./ }, (from) =>
      from.pluginData === WHOLE ? found(from.path, from) : undefined,
    );
    building.onLoad({ filter: /[\\/]node_modules[\\/]zod[\\/].*\.js$/ }, ({ path, suffix }) =>
      suffix === WHOLE ? { contents: readFileSync(path, 'utf8'), pluginData: WHOLE } : undefined,
    );
  },
};

rmSync(join(dist, 'chunks'), { recursive: true, force: true });
const { outputFiles, metafile } = await build({
  entryPoints: [...doors, ...programs].map((file) =>
    join(root, 'src', relative('dist', file)).replace(/\.js$/, '.ts'),
  ),
  outdir: dist,
  outbase: join(root, 'src'),
  bundle: true,
  splitting: true,
  write: false,
  metafile: true,
  format: 'esm',
  // Which of them load without Node is tested: `neutral` would not find the built-ins of the others.
  platform: 'node',
  target: 'es2022',
  chunkNames: 'chunks/[name]-[hash]',
  minifySyntax: true,
  legalComments: 'none',
  external,
  plugins: [ownPlaces, wholeZod],
  logLevel: 'warning',
});
/** A file that nothing is taken from: no module of ours does anything when it is loaded, and bundlers warn of such an import. */
const FOR_NOTHING = /^import "\.[^"]*";\n/gm;
for (const { path, text } of outputFiles) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, placed(text.replace(FOR_NOTHING, ''), relative(dist, path)));
}
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licences(metafile.inputs));
