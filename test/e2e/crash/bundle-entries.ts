import { build, type Plugin } from 'esbuild';

/** What is CommonJS has no names for `import()` in a bundle that is split: each is given, as Node itself does. */
const named: Plugin = {
  name: 'named',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, namespace: 'named' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'named' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter(
        (name) => /^\w+$/.test(name) && name !== 'default',
      );
      const contents = `import all from '${path}'; export const { ${names.join(', ')} } = all;`;
      return { contents, resolveDir: import.meta.dirname };
    });
  },
};

const REQUIRE_OF =
  "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";

/**
 * Bundles programs into a folder within `node_modules`, where they find the packages that are left outside. A process loads those of the few files that
 * it needs, and starts in a fraction of the time.
 */
export async function bundleEntries(entryPoints: readonly string[], outdir: string): Promise<void> {
  await build({
    entryPoints: [...entryPoints],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['@photostructure/sqlite'],
    plugins: [named],
    banner: { js: REQUIRE_OF },
    logLevel: 'error',
  });
}
