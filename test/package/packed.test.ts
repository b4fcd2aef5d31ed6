import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogTypes } from '../../src/adapters/cli/types/catalog-types.js';
import { packedTarball } from '../support/packed-tarball.js';

const run = promisify(execFile);

const manifest = z.object({
  version: z.string(),
  exports: z.record(z.string(), z.unknown()),
  devDependencies: z.record(z.string(), z.string()),
});

const readManifest = async () => manifest.parse(JSON.parse(await readFile('package.json', 'utf8')));

/** Doors that need a package which the user installs. */
const PEER_OF: Readonly<Record<string, string>> = {
  'goal-lane/opentelemetry': '@opentelemetry/api',
  'goal-lane/react': 'react',
};

let folder = '';
let tarball = '';
let host = '';

/** The package as a user gets it: packed, and installed into a folder that holds nothing else. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'goal-lane-packed-'));
  tarball = await packedTarball();
  host = join(folder, 'host');
  await mkdir(host);
  await writeFile(
    join(host, 'package.json'),
    JSON.stringify({ name: 'host', private: true, type: 'module' }),
  );
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', tarball], {
    cwd: host,
  });
}, 180_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const inHost = (code: string) =>
  run(process.execPath, ['--input-type=module', '--eval', code], { cwd: host }).then(({ stdout }) =>
    stdout.trim(),
  );

describe('the packed tarball', () => {
  it('is well formed for publint', async () => {
    const { stdout } = await run('npx', ['publint', 'run', tarball, '--strict']);
    expect(stdout).toContain('All good');
  });

  it('resolves with types from every door', async () => {
    const { stdout } = await run('npx', [
      'attw',
      tarball,
      '--profile',
      'esm-only',
      '--format',
      'ascii',
      '--no-emoji',
    ]);
    const doors = Object.keys((await readManifest()).exports);
    expect(stdout.match(/node16 \(from ESM\): OK/g)).toHaveLength(doors.length);
    expect(stdout.match(/bundler: OK/g)).toHaveLength(doors.length);
  }, 60_000);

  it('lets every door be imported in an empty folder, but for those that ask for an optional peer', async () => {
    const doors = Object.keys((await readManifest()).exports).filter((door) => door !== './package.json');
    const names = doors.map((door) => `goal-lane${door.slice(1)}`);
    const code = `for (const name of ${JSON.stringify(names)}) console.log(name, await import(name).then((door) => Object.keys(door).length > 0, ({ message }) => /package '([^']+)'/.exec(message)?.[1] ?? message));`;
    const expected = names.map((name) => `${name} ${PEER_OF[name] ?? true}`);
    expect((await inHost(code)).split('\n')).toEqual(expected);
  });

  it('types the doors that load without Node without Node too', async () => {
    const doors = ['machines', 'job', 'services', 'browser', 'inspector'];
    for (const door of doors) {
      await writeFile(
        join(host, `${door}.ts`),
        `import * as door from 'goal-lane/${door}';\nexport const whole: typeof door = door;\n`,
      );
    }
    const options = { noEmit: true, strict: true, module: 'nodenext', skipLibCheck: false, types: [] };
    await writeFile(join(host, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
    const { stdout } = await run('npx', ['tsc', '-p', host]).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  }, 60_000);

  it('carries the declarations that its doors lead to, and no others', async () => {
    const doors = Object.keys((await readManifest()).exports).filter((door) => door !== './package.json');
    const imports = doors.map((door) => `import 'goal-lane${door.slice(1)}';\n`);
    await writeFile(join(host, 'all-doors.ts'), imports.join(''));
    const options = { noEmit: true, module: 'nodenext', skipLibCheck: true, types: [] };
    const config = join(host, 'tsconfig.all-doors.json');
    await writeFile(config, JSON.stringify({ compilerOptions: options, files: ['all-doors.ts'] }));
    const { stdout } = await run('npx', ['tsc', '-p', config, '--listFilesOnly']);
    const reached = stdout
      .split('\n')
      .flatMap((file) => file.split('/node_modules/goal-lane/dist/')[1] ?? []);
    const packed = await readdir(join(host, 'node_modules', 'goal-lane', 'dist'), { recursive: true });
    expect(reached.length).toBeGreaterThan(50);
    expect(packed.filter((file) => file.endsWith('.d.ts')).sort()).toEqual(reached.sort());
  }, 60_000);

  it('runs its command', async () => {
    const { stdout } = await run('npx', ['--no-install', 'goal-lane', '--version'], { cwd: host });
    expect(stdout.trim()).toBe((await readManifest()).version);
  });

  it('runs its command where nothing is installed that only the command needs', async () => {
    const env = { ...process.env, CONVILYN_API_KEY: '', GOAL_LANE_STORE: ':memory:' };
    const main = join(host, 'node_modules', '.bin', 'goal-lane');
    const asked = ['doctor', '--json', '--base-url', 'http://127.0.0.1:9'];
    const failed = await run(main, asked, { cwd: host, env }).catch(
      (error: { code: number; stdout: string }) => error,
    );
    expect(failed).toMatchObject({ code: 2, stdout: expect.stringContaining('"check":"runtime"') });
    const installed = await readdir(join(host, 'node_modules'));
    expect(installed.filter((name) => ['commander', 'pino', '@clack'].includes(name))).toEqual([]);
    const { stdout } = await run('npm', ['ls', '--all', '--parseable'], { cwd: host });
    // The first line is the host itself.
    expect(stdout.trim().split('\n').length - 1).toBeLessThanOrEqual(45);
  });

  it.each(['5.9', '7'])(
    'refuses a wrong workflow, format or slot in TypeScript %s',
    async (version) => {
      const wanted = join(host, `typescript-${version}`);
      await mkdir(wanted);
      await writeFile(
        join(wanted, 'package.json'),
        JSON.stringify({ name: 'typed', private: true, type: 'module' }),
      );
      const npm = [
        'install',
        '--prefer-offline',
        '--no-audit',
        '--no-fund',
        '--ignore-scripts',
        `typescript@${version}`,
      ];
      await run('npm', npm, { cwd: wanted });
      const slot = (slotId: string, options: string[]) => ({ slotId, type: 'enum', required: true, options });
      const common = { description: '', supportedInputFormats: ['pdf', 'docx'] };
      const catalog = [
        {
          ...common,
          specId: 'goal_lane.translation',
          name: 'T',
          requiredSlots: [slot('target_language', ['de', 'fr'])],
        },
        { ...common, specId: 'goal_lane.cover_letter', name: 'C', requiredSlots: [] },
      ];
      await writeFile(join(wanted, 'goal-lane.d.ts'), catalogTypes(catalog));
      await writeFile(join(wanted, 'uses.ts'), await readFile('test/package/typed-uses.ts.txt', 'utf8'));
      const options = {
        noEmit: true,
        strict: true,
        exactOptionalPropertyTypes: true,
        module: 'nodenext',
        types: [],
      };
      const files = ['goal-lane.d.ts', 'uses.ts'];
      const config = { compilerOptions: { ...options, skipLibCheck: true, lib: ['es2023', 'dom'] }, files };
      await writeFile(join(wanted, 'tsconfig.json'), JSON.stringify(config));
      const tsc = join(wanted, 'node_modules', '.bin', 'tsc');
      const { stdout } = await run(tsc, ['-p', wanted]).catch((error: { stdout: string }) => error);
      expect(stdout).toBe('');
    },
    120_000,
  );

  it('serves the web console, its page and all, where no React is installed', async () => {
    const main = join(host, 'node_modules', '.bin', 'goal-lane');
    const env = { ...process.env, CONVILYN_API_KEY: '' };
    const child = spawn(main, ['serve', '--demo', '--port', '0', '--no-open'], { cwd: host, env });
    try {
      const url = await new Promise<string>((resolve, reject) => {
        child.stdout.once('data', (data) => resolve(String(data).trim()));
        child.once('exit', () => reject(new Error('the console ended')));
      });
      const page = await (await fetch(url)).text();
      const assets = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
      expect(assets.length).toBeGreaterThanOrEqual(2);
      for (const path of assets) expect((await fetch(new URL(path, url))).status, path).toBe(200);
      expect(existsSync(join(host, 'node_modules', 'react'))).toBe(false);
    } finally {
      child.kill('SIGTERM');
    }
  });

  it('says in one line what a worker needs where the SDK of the engine is not installed', async () => {
    const main = join(host, 'node_modules', '.bin', 'goal-lane');
    const env = { ...process.env, CONVILYN_API_KEY: 'sk_of_nobody' };
    const failed = await run(main, ['worker', '--port', '0'], { cwd: host, env }).catch(
      (error: { code: number; stderr: string }) => error,
    );
    expect(failed).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^.*npm install @restatedev\/restate-sdk.*$/m),
    });
  });

  it('says the same where it is of a release that a worker cannot use', async () => {
    const sdk = join(host, 'node_modules', '@restatedev', 'restate-sdk');
    await mkdir(sdk, { recursive: true });
    try {
      const about = { name: '@restatedev/restate-sdk', version: '1.4.1', main: 'index.js' };
      await writeFile(join(sdk, 'package.json'), JSON.stringify(about));
      await writeFile(join(sdk, 'index.js'), '');
      const main = join(host, 'node_modules', '.bin', 'goal-lane');
      const env = { ...process.env, CONVILYN_API_KEY: 'sk_of_nobody' };
      const failed = await run(main, ['worker', '--port', '0'], { cwd: host, env }).catch(
        (error: { code: number; stderr: string }) => error,
      );
      expect(failed).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/1\.4\.1 .*\n.*npm install @restatedev\/restate-sdk@\^1\.17$/m),
      });
    } finally {
      await rm(join(host, 'node_modules', '@restatedev'), { recursive: true });
    }
  });

  it.each([
    ['its command', 'dist/adapters/cli', ['commander', 'pino', '@clack/prompts']],
    ['its doors', 'dist', ['zod']],
  ])('keeps the licences of what was bundled into %s', async (_, below, names) => {
    const text = join(host, 'node_modules', 'goal-lane', below, 'THIRD-PARTY-LICENSES.txt');
    const licences = await readFile(text, 'utf8');
    const entries = licences.split(`${'-'.repeat(72)}\n`).map((entry) => entry.trim());
    for (const name of names)
      expect(entries.find((entry) => entry.startsWith(`${name} `))).toContain('Permission is hereby granted');
  });

  it.skipIf(isBuiltin('node:sqlite'))(
    'needs the native driver of the store only where a file is opened',
    async () => {
      const native = join(host, 'node_modules', '@photostructure');
      await rename(native, `${native}-away`);
      try {
        const code = `import { openJobStore } from 'goal-lane';
        await (await openJobStore({ path: ':memory:' })).close();
        const error = await openJobStore({ path: 'jobs.db' }).catch((refused) => refused);
        console.log(error.name, error.kind, error.advice);`;
        expect(await inHost(code)).toMatch(/^StoreError unusable .*install again/);
      } finally {
        await rename(`${native}-away`, native);
      }
    },
  );

  it('carries every page and picture that its README and its pages link', async () => {
    const root = join(host, 'node_modules', 'goal-lane');
    const below = await readdir(join(root, 'docs'), { recursive: true });
    const pages = below.filter((name) => name.endsWith('.md'));
    const dead: string[] = [];
    for (const page of ['README.md', 'CONTRIBUTING.md', ...pages.map((name) => `docs/${name}`)]) {
      const text = await readFile(join(root, page), 'utf8');
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)/g))
        if (!existsSync(join(root, dirname(page), target))) dead.push(`${page} -> ${target}`);
    }
    expect(pages).toEqual(expect.arrayContaining(['command-line.md', 'reference/defaults.md']));
    expect(dead).toEqual([]);
  });

  it('carries no test, no source and no secret of ours', async () => {
    const { stdout } = await run('tar', ['-tzf', tarball]);
    const outside = stdout
      .trim()
      .split('\n')
      .filter(
        (file) =>
          !/^package\/(dist\/|docs\/statechart\.(svg|mmd)$|docs\/(guides\/|reference\/)?[a-z-]+\.md$|docs\/plots\/[a-z-]+\.svg$|docs\/images\/[a-z0-9-]+\.png$|[A-Za-z]+\.(md|json)$|LICENSE$)/.test(
            file,
          ),
      );
    expect(outside).toEqual([]);
  });
});
