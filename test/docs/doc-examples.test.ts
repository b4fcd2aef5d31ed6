import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);

interface Example {
  readonly of: string;
  readonly code: string;
}

const DOCUMENTED = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export declare function (\w+)/g;
const EXAMPLE = /@example\s*```ts\n([\s\S]*?)```/g;

/** The examples of a declaration file, as an editor shows them. */
const examplesIn = (declarations: string): Example[] =>
  [...declarations.matchAll(DOCUMENTED)].flatMap(([, comment = '', of = '']) =>
    [...comment.replace(/^[ \t]*\* ?/gm, '').matchAll(EXAMPLE)].map(([, code = '']) => ({ of, code })),
  );

let host = '';
let examples: readonly Example[] = [];

/** An empty host that has the package, by its declarations as they are packed. */
beforeAll(async () => {
  host = await mkdtemp(join(tmpdir(), 'goal-lane-examples-'));
  await mkdir(join(host, 'node_modules', '@types'), { recursive: true });
  await symlink(process.cwd(), join(host, 'node_modules', 'goal-lane'));
  for (const name of ['xstate', '@types/node'])
    await symlink(resolve('node_modules', name), join(host, 'node_modules', name));
  await writeFile(join(host, 'package.json'), JSON.stringify({ type: 'module' }));
  const options = {
    noEmit: true,
    strict: true,
    noUnusedLocals: true,
    exactOptionalPropertyTypes: true,
    target: 'es2022',
    module: 'nodenext',
    skipLibCheck: true,
    types: ['node'],
  };
  await writeFile(
    join(host, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, include: ['*.ts'] }),
  );
  const files = (await readdir('dist', { recursive: true })).filter((name) => name.endsWith('.d.ts'));
  const texts = await Promise.all(files.map((file) => readFile(join('dist', file), 'utf8')));
  examples = texts.flatMap(examplesIn);
});

afterAll(() => rm(host, { recursive: true, force: true }));

const compile = (): Promise<string> =>
  run('npx', ['tsc', '--pretty', 'false', '-p', host]).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );

describe('the examples in doc comments', () => {
  it('stand at the doors of a host', () => {
    expect([...new Set(examples.map(({ of }) => of))].sort()).toEqual([
      'bindPorts',
      'createFleetClient',
      'createGoalLane',
      'createGoalWorker',
      'createSocketInspector',
      'createStoredJobs',
      'createTelemetry',
      'createTestEmulator',
      'runGoalJob',
    ]);
  });

  it('compile against the packed declarations; what is not there would be refused', async () => {
    for (const [index, { of, code }] of examples.entries())
      await writeFile(join(host, `${index}-${of}.ts`), code);
    await writeFile(join(host, 'wrong.ts'), "import { runGoalJobs } from 'goal-lane';\nrunGoalJobs({});\n");
    const said = (await compile()).trim().split('\n');
    expect(said).toEqual([
      expect.stringContaining('wrong.ts(1,10): error TS2724: \'"goal-lane"\' has no exported member'),
    ]);
  }, 60_000);
});
