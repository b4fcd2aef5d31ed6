import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEmulator } from '../../src/adapters/emulator/index.js';
import { launchChromium } from '../support/launch-chromium.js';
import { bundleOnNode, bundleProgram, type Program, SCRIPT } from './bundle-programs.js';
import { type Pages, runInChromium, servePrograms } from './chromium.js';
import { guideAsWorker, runInSteps } from './edge-guide.js';
import { runInEdgeVm } from './edge-vm.js';
import { type Emulated, emulated } from './emulated.js';
import { installed } from './install-runtimes.js';
import { packageWithXState, USES } from './old-xstate.js';
import { runScript } from './run-script.js';
import { postToWorkerd, runInWorkerd } from './workerd.js';

/** `npm run test:runtimes` runs all of them; CI the first four, whose packages are few. */
const IS_ALL = process.env.GOAL_LANE_RUNTIMES === 'all';
const PROGRAMS: readonly Program[] = ['by-fetch', 'by-axios'];
const PLATFORM = `${process.platform}-${process.arch}`;

let dir = '';
let site: Emulated;
let nodes: string | undefined;
let others: string | undefined;
let browser: Browser | undefined;
let pages: Pages;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'goal-lane-runtimes-'));
  [nodes, others, browser, pages] = await Promise.all([
    installed('tools/runtimes/nodes'),
    IS_ALL ? installed('tools/runtimes') : undefined,
    launchChromium(),
    servePrograms(PROGRAMS),
  ]);
  site = await emulated([pages.origin]);
  for (const program of PROGRAMS)
    await writeFile(join(dir, `${program}.mjs`), await bundleProgram(program, SCRIPT));
  await writeFile(join(dir, 'on-node.mjs'), await bundleOnNode(resolve('dist/index.js')));
}, 300_000);

afterAll(async () => {
  pages.close();
  await Promise.all([browser?.close(), site.close(), rm(dir, { recursive: true, force: true })]);
});

/** What cannot be had here is skipped; in CI all of it must be had. */
function needed<Value>(value: Value | undefined, skip: () => never): Value {
  return value === undefined ? skip() : value;
}

describe.each(['node-20.19', 'node-22', 'node-24'])('a job that uploads in %s', (name) => {
  test.for(['on-node', ...PROGRAMS])('%s', async (program, { skip }) => {
    const binary = join(needed(nodes, skip), `${name}-${PLATFORM}/bin/node`);
    site.expectDone(await runScript(binary, [], join(dir, `${program}.mjs`), site.site));
  });
});

describe('a job that uploads in Chromium', () => {
  test.for(PROGRAMS)('%s', async (program, { skip }) => {
    site.expectDone(await runInChromium(needed(browser, skip), pages, program, site.site));
  });
});

describe('a job that uploads with the oldest XState', () => {
  test('runs, and compiles', async ({ skip }) => {
    const xstate = join(needed(nodes, skip), 'xstate');
    const own = await packageWithXState(join(dir, 'old'), xstate);
    const script = join(dir, 'old', 'job.mjs');
    await writeFile(script, await bundleOnNode(join(own, 'dist/index.js')));
    site.expectDone(await runScript(process.execPath, [], script, site.site));
    await mkdir(join(dir, 'old', 'src'));
    await writeFile(join(dir, 'old', 'src', 'uses.ts'), USES);
    const flags = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck'];
    const module = ['--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
    const args = [resolve('node_modules/typescript/bin/tsc'), ...flags, ...module, 'src/uses.ts'];
    const compile = promisify(execFile)(process.execPath, args, { cwd: join(dir, 'old') });
    expect(await compile.catch(({ stdout }: { stdout: string }) => stdout)).toMatchObject({ stdout: '' });
  });
});

describe.each(IS_ALL ? PROGRAMS : [])('a job that uploads elsewhere, %s', (program) => {
  test('@edge-runtime/vm', async ({ skip }) => {
    site.expectDone(await runInEdgeVm(resolve(needed(others, skip)), program, site.site));
  });

  test('workerd', async ({ skip }) => {
    const binary = join(needed(others, skip), `@cloudflare/workerd-linux-64/bin/workerd`);
    const own = await mkdtemp(join(dir, 'workerd-'));
    site.expectDone(await runInWorkerd(binary, own, program, site.site));
  });

  test('Deno', async ({ skip }) => {
    const binary = join(needed(others, skip), '@deno/linux-x64-glibc/deno');
    const args = ['run', '--no-remote', '--allow-net=127.0.0.1'];
    site.expectDone(await runScript(binary, args, join(dir, `${program}.mjs`), site.site));
  });

  test('Bun', async ({ skip }) => {
    const binary = join(needed(others, skip), '@oven/bun-linux-x64/bin/bun');
    site.expectDone(await runScript(binary, [], join(dir, `${program}.mjs`), site.site));
  });
});

describe.each(IS_ALL ? ['on-node.mjs'] : [])('a job on files of the disk elsewhere', (file) => {
  test('Deno', async ({ skip }) => {
    const binary = join(needed(others, skip), '@deno/linux-x64-glibc/deno');
    site.expectDone(
      await runScript(binary, ['run', '-A', '--node-modules-dir=manual'], join(dir, file), site.site),
    );
  });

  test('Bun', async ({ skip }) => {
    const binary = join(needed(others, skip), '@oven/bun-linux-x64/bin/bun');
    site.expectDone(await runScript(binary, [], join(dir, file), site.site));
  });
});

describe.each(IS_ALL ? ['workerd'] : [])('the code of the guide for the edge in %s', () => {
  test('takes a job to its end, each step in a process of its own', async ({ skip }) => {
    const binary = join(needed(others, skip), '@cloudflare/workerd-linux-64/bin/workerd');
    const emulator = await startEmulator({ speed: 20 });
    const { apiKey, baseUrl } = emulator;
    const code = await guideAsWorker();
    try {
      const states = await runInSteps(async (given) =>
        postToWorkerd(binary, await mkdtemp(join(dir, 'step-')), code, {
          ...given,
          options: { apiKey, baseUrl },
        }),
      );
      expect(states.at(-1)).toBe('completed');
      expect(new Set(states).size).toBeGreaterThanOrEqual(3);
      const creates = emulator.log.filter(
        ({ method, path }) => method === 'POST' && path.endsWith('/jobs/goal'),
      );
      expect(creates).toHaveLength(1);
    } finally {
      await emulator.close();
    }
  }, 120_000);
});
