import { mkdtemp, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const BUILT_IN = new RegExp(`^(node:.*|${builtinModules.join('|')})(/.*)?$`);

export interface Bundle {
  /** A file that can be imported. */
  readonly file: string;
  /** What of Node it asks for, and who asks. */
  readonly ofNode: readonly string[];
  readonly inputs: readonly string[];
  /** Of those: what is in the bundle, once the rest was shaken out. */
  readonly kept: readonly string[];
}

/** Doors of the source as a browser's bundler takes them. */
export async function bundleForBrowser(doors: readonly string[]): Promise<Bundle> {
  const ofNode: string[] = [];
  const result = await build({
    stdin: {
      contents: doors.map((door) => `export * from './${door}';`).join('\n'),
      resolveDir: 'src',
      loader: 'ts',
    },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'silent',
    plugins: [
      {
        name: 'nothing-of-node',
        setup(plugin) {
          plugin.onResolve({ filter: BUILT_IN }, ({ path, importer }) => {
            ofNode.push(`${importer} asks for ${path}`);
            return { path, external: true };
          });
        },
      },
    ],
  });
  const file = join(await mkdtemp(join(tmpdir(), 'goal-lane-bundle-')), 'bundle.mjs');
  await writeFile(file, result.outputFiles[0]?.contents ?? '');
  const [output] = Object.values(result.metafile.outputs);
  const kept = Object.entries(output?.inputs ?? {}).flatMap(([input, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [input] : [],
  );
  return { file, ofNode, inputs: Object.keys(result.metafile.inputs), kept };
}
