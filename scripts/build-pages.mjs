// Bundles what runs in a browser into dist/pages. The styles of the chart are made from its palette.
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
