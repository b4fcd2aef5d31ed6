// Bundles the command into dist/adapters/cli, in place of what tsc put there: it starts from a few files instead of hundreds, and
// what only the command needs is no dependency of those who embed the library. Whatever else is a dependency stays one.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'dist', 'adapters', 'cli');
const { dependencies, peerDependencies, optionalDependencies } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);
const external = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });

/** A file that finds others by its own place must still find them from the bundle. */
const ownPlaces = {
  name: 'own-places',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const built = join(root, 'dist', relative(join(root, 'src'), path)).replace(/\.ts$/, '.js');
      const place = relative(out, built).split(sep).join('/');
      const url = `new URL(${JSON.stringify(place)}, import.meta.url).href`;
      return { contents: text.replaceAll('import.meta.url', url), loader: 'ts' };
    });
  },
};

/** The licence of each package that was bundled, as its authors ask. */
function licences(inputs) {
  const names = new Set(
    Object.keys(inputs).flatMap((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []),
  );
  return [...names].sort().map((name) => {
    const folder = join(root, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
}

rmSync(out, { recursive: true, force: true });
const { metafile } = await build({
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
  external: [...external, ...external.map((name) => `${name}/*`)],
  // For what was written for CommonJS.
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
  },
  plugins: [ownPlaces],
  metafile: true,
  logLevel: 'warning',
});
writeFileSync(
  join(out, 'THIRD-PARTY-LICENSES.txt'),
  licences(metafile.inputs).join(`\n${'-'.repeat(72)}\n\n`),
);
