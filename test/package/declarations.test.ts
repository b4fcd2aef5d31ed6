import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';

const run = promisify(execFile);
const manifest = z.object({ exports: z.record(z.string(), z.unknown()) });

let host = '';
beforeEach(async () => {
  host = await mkdtemp(join(tmpdir(), 'goal-lane-declarations-'));
  await mkdir(join(host, 'node_modules'));
  await symlink(process.cwd(), join(host, 'node_modules', 'goal-lane'));
});
afterEach(() => rm(host, { recursive: true, force: true }));

it('the declarations of every door stand the strictest check of a host, but for those of XState', async () => {
  const { exports } = manifest.parse(JSON.parse(await readFile('package.json', 'utf8')));
  const doors = Object.keys(exports).filter((door) => door !== './package.json');
  expect(doors.length).toBeGreaterThan(10);
  const uses = doors.map((door, at) => `export * as door${at} from 'goal-lane${door.slice(1)}';\n`);
  await writeFile(join(host, 'host.ts'), uses.join(''));
  const compilerOptions = {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    module: 'nodenext',
    lib: ['es2023', 'dom', 'dom.iterable'],
    typeRoots: [join(process.cwd(), 'node_modules', '@types')],
    types: ['node'],
  };
  await writeFile(join(host, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['host.ts'] }));
  const { stdout } = await run('npx', ['tsc', '-p', host, '--pretty', 'false']).catch(
    (error: { stdout: string }) => error,
  );
  // The first line of an error names its file; those below explain it.
  const errors = stdout.split('\n').filter((line) => /^\S/.test(line));
  expect(errors.filter((error) => !error.includes('node_modules/xstate/'))).toEqual([]);
}, 60_000);
