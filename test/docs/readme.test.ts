import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  it('shows the example that the type check compiles', async () => {
    const readme = await readFile('README.md', 'utf8');
    expect(readme).toContain(`\`\`\`ts\n${await readFile('docs/examples/embed.ts', 'utf8')}\`\`\``);
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
    expect(stdout).toMatch(/results\/output\.zip [0-9a-f]{64}\n$/);
  });

  it('links only to what is there', async () => {
    const readme = await readFile('README.md', 'utf8');
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((link) => !existsSync(link))).toEqual([]);
  });
});
