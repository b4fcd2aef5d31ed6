import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

const run = promisify(execFile);
const coverage = z.object({ result: z.array(z.object({ url: z.string() })) });

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'goal-lane-loaded-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The files that Node loads for a program, by its own record. Unlike a time, their number is the same on every machine. */
async function loadedFor(code: string): Promise<readonly string[]> {
  const env = { ...process.env, NODE_V8_COVERAGE: folder };
  await run(process.execPath, ['--input-type=module', '--eval', code], { env });
  const [name = ''] = await readdir(folder);
  const { result } = coverage.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
  const here = pathToFileURL(`${process.cwd()}/`).href;
  return result.flatMap(({ url }) => (url.startsWith(here) ? [url.slice(here.length)] : []));
}

const packagesOf = (files: readonly string[]) =>
  new Set(files.flatMap((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []));

describe('what an import loads in Node', () => {
  it.each([
    ['goal-lane', 30, ['xdg-basedir', 'xstate']],
    ['goal-lane/job', 20, ['xstate']],
    ['goal-lane/machines', 10, ['xstate']],
    ['goal-lane/services', 20, []],
    ['goal-lane/browser', 21, ['xstate']],
  ])('%s: at most %i files of ours, and only the packages %j', async (door, most, packages) => {
    const files = await loadedFor(`await import('${door}')`);
    const ours = files.filter((file) => file.startsWith('dist/'));
    expect(ours.length).toBeGreaterThan(0);
    expect(ours.length).toBeLessThanOrEqual(most);
    expect([...packagesOf(files)].sort()).toEqual(packages);
  });

  it('has one class of errors, whichever door it comes from', async () => {
    const code = `const [one, other] = [await import('goal-lane'), await import('goal-lane/services')];
      if (one.GoalLaneError !== other.GoalLaneError) throw new Error('two classes');`;
    expect(await loadedFor(code)).not.toEqual([]);
  });
});
