import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type OnResolveResult, type Plugin } from 'esbuild';

export type Program = 'by-fetch' | 'by-axios';

const PROGRAMS = fileURLToPath(new URL('./programs/', import.meta.url));
const DIST = resolve('dist');

interface Format {
  readonly format: 'esm' | 'iife';
  /** What the file does with `runJob`. */
  readonly use: string;
}

/** The programs are typed by the source, and run on what was built. */
const asBuilt = (filter: RegExp, result: OnResolveResult): Plugin => ({
  name: 'as-built',
  setup: ({ onResolve }) => onResolve({ filter }, () => result),
});

/** As a script that runs its job with the site in its first argument, and prints its report. */
export const SCRIPT: Format = {
  format: 'esm',
  use: 'console.log(JSON.stringify(await runJob(JSON.parse(process.argv[2]))));',
};

/** One file that holds a program with all that it needs, of what was built. A built-in of Node anywhere in it fails here. */
export async function bundleProgram(program: Program, { format, use }: Format): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { runJob } from './${program}.ts';\n${use}`,
      resolveDir: PROGRAMS,
      loader: 'ts',
    },
    plugins: [
      asBuilt(/src\/adapters\/browser\/index\.js$/, { path: resolve(DIST, 'adapters/browser/index.js') }),
    ],
    ...{ bundle: true, write: false, platform: 'browser', target: 'es2022', logLevel: 'silent', format },
    external: [],
  });
  const [file] = outputFiles;
  const text = file?.text ?? '';
  const ofNode = builtinModules.filter((name) => text.includes(`from "node:${name}"`));
  if (ofNode.length > 0) throw new Error(`the program asks for ${ofNode.join(', ')} of Node`);
  return text;
}

/** The program on files, whose packages Node finds: `goal-lane` is the one at `entry`. */
export async function bundleOnNode(entry: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { runJob } from './on-node.ts';\n${SCRIPT.use}`,
      resolveDir: PROGRAMS,
      loader: 'ts',
    },
    plugins: [asBuilt(/src\/index\.js$/, { path: entry, external: true })],
    ...{ bundle: true, write: false, platform: 'node', target: 'es2022', logLevel: 'silent', format: 'esm' },
  });
  return outputFiles[0]?.text ?? '';
}
