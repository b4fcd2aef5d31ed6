import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Program } from './page-code.js';

const run = promisify(execFile);

const OPTIONS = {
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  target: 'es2022',
  lib: ['es2023', 'dom', 'dom.iterable'],
  module: 'nodenext',
  moduleDetection: 'force',
  jsx: 'react-jsx',
  skipLibCheck: true,
  types: ['node'],
};

/** `@scope/name/part` → `@scope/name`; nothing for Node's own and for paths. */
const packageOf = (specifier: string): string | undefined =>
  /^(?!node:)(@[^/]+\/[^/]+|[^@./][^/]*)/.exec(specifier)?.[1];

export const importsOf = (source: string): readonly string[] =>
  [...source.matchAll(/(?:from|import\(?)\s*['"]([^'"]+)['"]/g)].flatMap(
    ([, specifier = '']) => packageOf(specifier) ?? [],
  );

/** A folder of somebody who has installed the package, and what the pages import besides. */
export interface PageHost {
  readonly folder: string;
  /** What the compiler says of these programs, with the lines of their pages. */
  compile(programs: readonly Program[]): Promise<readonly string[]>;
  remove(): Promise<void>;
}

async function link(folder: string, name: string, target: string): Promise<void> {
  const path = join(folder, 'node_modules', name);
  await mkdir(dirname(path), { recursive: true });
  if (!existsSync(path) && existsSync(target)) await symlink(target, path);
}

/** `file.ts(3,4): error …` with the page and the line in it. */
function located(line: string, programs: readonly Program[]): string {
  const [, file, row = '0', rest = ''] = /^([^(]+)\((\d+),\d+\): (.*)$/.exec(line) ?? [];
  const program = programs.find((one) => one.file === file);
  if (program === undefined) return line;
  const { block, hiddenLines } = program;
  return `${block.page}:${Number(row) - hiddenLines + block.line - 1}: ${rest}`;
}

export async function createPageHost(): Promise<PageHost> {
  const folder = await mkdtemp(join(tmpdir(), 'goal-lane-pages-'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: OPTIONS, include: ['*'] }),
  );
  await link(folder, 'goal-lane', process.cwd());
  for (const name of ['@types/node', '@types/react', '@types/react-dom'])
    await link(folder, name, resolve('node_modules', name));
  return {
    folder,
    async compile(programs) {
      for (const { file, source } of programs) {
        await writeFile(join(folder, file), source);
        for (const name of importsOf(source)) await link(folder, name, resolve('node_modules', name));
      }
      const said = await run('npx', ['tsc', '-p', folder, '--pretty', 'false'], { maxBuffer: 1e8 }).then(
        () => '',
        (error: { stdout: string }) => error.stdout,
      );
      const lines = said.split('\n').filter((line) => /: error /.test(line));
      return lines.map((line) => located(line.replace(/^.*\/(?=[^/]+\(\d)/, ''), programs));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
