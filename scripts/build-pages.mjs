// Bundles what runs in a browser into dist/pages. The styles of the chart are made from its palette.
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pages = join(root, 'dist', 'pages');

/** `import 'chart.css'`: the style of the live chart, made by `chart-style.ts`. */
const chartStyle = {
  name: 'chart-style',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^chart\.css$/ }, ({ path }) => ({ path, namespace: 'chart-style' }));
    onLoad({ filter: /.*/, namespace: 'chart-style' }, async () => {
      const { outputFiles } = await build({
        entryPoints: [join(root, 'src/adapters/chart/chart-style.ts')],
        bundle: true,
        format: 'esm',
        write: false,
      });
      const code = Buffer.from(outputFiles[0].contents).toString('base64');
      const { pageStyle } = await import(`data:text/javascript;base64,${code}`);
      return { contents: pageStyle(), loader: 'css' };
    });
  },
};

const shared = {
  bundle: true,
  minify: true,
  target: ['chrome123', 'firefox120', 'safari17.5'],
  legalComments: 'none',
  plugins: [chartStyle],
  logLevel: 'warning',
};

await rm(pages, { recursive: true, force: true });
await mkdir(pages, { recursive: true });
await build({
  ...shared,
  entryPoints: [
    join(root, 'src/adapters/inspector/page/main.ts'),
    join(root, 'src/adapters/inspector/page/page.css'),
  ],
  // The script stands inside the page.
  format: 'iife',
  outdir: join(pages, 'inspector'),
});

const consolePage = join(root, 'src/adapters/console/page');
const { metafile } = await build({
  ...shared,
  entryPoints: [join(consolePage, 'main.tsx'), join(consolePage, 'style/main.css')],
  format: 'esm',
  // React and its like ask that their notices go along.
  legalComments: 'eof',
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
  // The name changes with the content: a browser may keep each for ever.
  entryNames: '[name]-[hash]',
  outdir: join(pages, 'console'),
  metafile: true,
});
const made = (extension) =>
  Object.keys(metafile.outputs)
    .map((path) => basename(path))
    .find((name) => name.endsWith(extension));
const html = await readFile(join(consolePage, 'index.html'), 'utf8');
await writeFile(
  join(pages, 'console', 'index.html'),
  html.replace('STYLE', made('.css')).replace('SCRIPT', made('.js')),
);
await copyFile(join(consolePage, 'icon.svg'), join(pages, 'console', 'icon.svg'));
