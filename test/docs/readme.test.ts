import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageVersion } from '../../src/adapters/cli/version.js';
import { type Emulator, startEmulator } from '../../src/adapters/emulator/index.js';

const run = promisify(execFile);
let emulator: Emulator;
let folder = '';

beforeAll(async () => {
  emulator = await startEmulator({ speed: 20 });
  folder = await mkdtemp(join(tmpdir(), 'goal-lane-readme-'));
});

afterAll(async () => {
  await emulator.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the README', () => {
  it.each(['embed', 'actor'])('shows the example %s that the type check compiles', async (name) => {
    const readme = await readFile('README.md', 'utf8');
    expect(readme).toContain(`\`\`\`ts\n${await readFile(`docs/examples/${name}.ts`, 'utf8')}\`\`\``);
  });

  it('installs under the name that npm pack gives', async () => {
    const readme = await readFile('README.md', 'utf8');
    expect(readme).toContain(`goal-lane-${packageVersion()}.tgz`);
  });

  it('shows an example that runs as it stands', async () => {
    const source = (await readFile('docs/examples/embed.ts', 'utf8')).replace(
      "outDir: 'results',",
      `outDir: 'results', baseUrl: ${JSON.stringify(emulator.baseUrl)},`,
    );
    await mkdir(join(folder, 'node_modules'), { recursive: true });
    await run('ln', ['-s', process.cwd(), join(folder, 'node_modules', 'goal-lane')]);
    await writeFile(
      join(folder, 'embed.mjs'),
      (await transform(source, { loader: 'ts', target: 'node20' })).code,
    );
    for (const name of ['resume.pdf', 'job-description.pdf']) await writeFile(join(folder, name), name);
    const { stdout } = await run(process.execPath, ['embed.mjs'], {
      cwd: folder,
      env: { ...process.env, CONVILYN_API_KEY: emulator.apiKey },
    });
    expect(stdout).not.toContain('undefined');
    expect(stdout).toMatch(/results\/output\.zip [0-9a-f]{64}\n$/);
  });
});

describe('the pages', () => {
  it('link only to what is there', async () => {
    const pages = (await readdir('docs', { recursive: true })).map((page) => join('docs', page));
    const links: string[] = [];
    for (const page of ['README.md', 'CONTRIBUTING.md', ...pages.filter((name) => name.endsWith('.md'))]) {
      for (const [, target = ''] of (await readFile(page, 'utf8')).matchAll(/\]\((?!https?:)([^)#]+)/g))
        links.push(join(dirname(page), target));
    }
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => !existsSync(link))).toEqual([]);
  });
});
