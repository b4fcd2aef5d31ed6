// What the bundles of the package share: which packages stay out of them, how a file finds others by its own place, licences.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { dependencies, peerDependencies, optionalDependencies } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);
const names = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });

/** Whatever is a dependency stays one. */
export const external = [...names, ...names.map((name) => `${name}/*`)];

const MARK = '@of-dist/';

/** A file that finds others by its own place must still find them from the bundle: its place in dist is marked until that of the bundle is known. */
export const ownPlaces = {
  name: 'own-places',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/].*\.tsx?$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const place = relative(join(root, 'src'), path)
        .split(sep)
        .join('/')
        .replace(/\.tsx?$/, '.js');
      const url = `new URL(${JSON.stringify(`${MARK}${place}`)}, import.meta.url).href`;
      return { contents: text.replaceAll('import.meta.url', url), loader: 'ts' };
    });
  },
};

/** The text of an output, with the places of its files seen from where it is (below dist). */
export function placed(text, output) {
  const toDist = posix.relative(posix.dirname(output.split(sep).join('/')), '.');
  return text.replaceAll(MARK, toDist === '' ? './' : `${toDist}/`);
}

/** The licence of each package that was bundled, as its authors ask. */
export function licences(inputs) {
  const bundled = new Set(
    Object.keys(inputs).flatMap((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []),
  );
  const each = [...bundled].sort().map((name) => {
    const folder = join(root, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return each.join(`\n${'-'.repeat(72)}\n\n`);
}
