import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** In its place the package's own file is as far up as from `src` and `dist`. */
const FOLDER = join('node_modules', '.cache', 'goal-lane-fleet', 'bundles');

/** Each change must be found, or the next release would be this one. */
function changed(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`the source no longer holds ${from}`);
  return text.replaceAll(from, to);
}

/** What the next release changes: a state is renamed, the context has a field more, and records are lifted to it. */
function ofNextRelease(path: string, text: string): string {
  const source = text.replaceAll('awaitingTurn', 'restingUntilTurn');
  if (path.endsWith('job-record.ts')) return changed(source, 'RECORD_VERSION = 3', 'RECORD_VERSION = 4');
  if (path.endsWith('job-context.ts'))
    return changed(source, 'reuploads: 0,', "reuploads: 0, ofNext: 'fresh',");
  if (!path.endsWith('record-migrations.ts')) return source;
  const lift =
    "{ from: 3, up: (record) => JSON.parse(JSON.stringify(record).replaceAll('awaiting' + 'Turn', 'restingUntilTurn')) },";
  return changed(source, 'steps: [', `steps: [${lift}`);
}

/** Builds the workers' part of a release whose chart is another one; resolves with its module. */
export async function buildNextRelease(): Promise<string> {
  mkdirSync(FOLDER, { recursive: true });
  const outfile = join(process.cwd(), FOLDER, 'next-release.mjs');
  await build({
    entryPoints: ['src/adapters/restate/index.ts'],
    ...{ outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external' },
    plugins: [
      {
        name: 'next-release',
        setup: ({ onLoad }) =>
          onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => ({
            contents: ofNextRelease(path, readFileSync(path, 'utf8')),
            loader: 'ts',
          })),
      },
    ],
  });
  return outfile;
}
