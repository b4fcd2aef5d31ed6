import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { copyFile, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmulator } from '../../src/adapters/emulator/index.js';
import { launchChromium } from '../support/launch-chromium.js';
import { packedTarball } from '../support/packed-tarball.js';

const run = promisify(execFile);
let folder = '';

/** The examples as a user has them: outside of this repository, with the package from its tarball. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'goal-lane-examples-'));
  const isSource = (path: string): boolean => !/(^|\/)(node_modules|dist)$/.test(path);
  await cp('examples', folder, { recursive: true, filter: isSource });
  const tarball = join(folder, 'goal-lane.tgz');
  await copyFile(await packedTarball(), tarball);
  const npm = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', tarball];
  await run('npm', npm, { cwd: folder });
}, 240_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The output of an example's own tests. */
async function test(name: string): Promise<string> {
  // Without the environment that this run gives its own processes.
  const outside = Object.entries(process.env).filter(
    ([key]) => !/^(VITEST|NODE_OPTIONS|NODE_ENV|npm_)/.test(key),
  );
  const env = { ...Object.fromEntries(outside), NO_COLOR: '1' };
  const { stdout, stderr } = await run('npm', ['test'], { cwd: join(folder, name), env }).catch(
    (error: { stdout: string; stderr: string }) => Promise.reject(new Error(error.stdout + error.stderr)),
  );
  return stripVTControlCharacters(stdout + stderr);
}

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

/** Serves a folder on this machine. */
function serveFolder(root: string): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const file = join(root, url === '/' ? 'index.html' : url);
    response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
    createReadStream(file)
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

describe.concurrent('each example, installed from the tarball', () => {
  it.each([
    ['http-server', /^# pass 1$/m],
    ['lane-sqlite', /^# pass 1$/m],
    ['node-test', /^# pass 4$/m],
    ['xstate-parent', /Tests +1 passed/],
    ['vitest', /Tests +5 passed/],
    ['jest', /^Tests: +3 passed/m],
  ])(
    '%s passes its own tests',
    async (name, passed) => {
      expect(await test(name)).toMatch(passed);
    },
    180_000,
  );

  it('react runs a job in a browser, to a result that is saved', async () => {
    const react = join(folder, 'react');
    await run('npm', ['run', 'build'], { cwd: react });
    const pages = await serveFolder(join(react, 'dist'));
    // Boundary: a server that listens on a port has an address that is no path.
    const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
    const emulator = await startEmulator({ speed: 50, allowOrigins: [origin] });
    const browser = await launchChromium();
    if (browser !== undefined) {
      const page = await browser.newPage();
      const hash = new URLSearchParams({ key: emulator.apiKey, api: emulator.baseUrl });
      await page.goto(`${origin}/#${hash}`);
      await page
        .getByLabel('Your résumé')
        .setInputFiles({ name: 'cv.txt', mimeType: 'text/plain', buffer: Buffer.from('Ada') });
      await page.getByLabel('confirmed_titles').fill('Lead');
      await page.getByRole('button', { name: 'Send' }).click();
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save the result' }).click();
      const saved = await (await download).path();
      expect((await readFile(saved)).subarray(0, 2).toString()).toBe('PK');
      await browser.close();
    }
    await emulator.close();
    pages.close();
    expect(browser === undefined && process.env.CI).toBeFalsy();
  }, 180_000);

  it('compiles where it is typed', async () => {
    const tsc = resolve('node_modules/.bin/tsc');
    const { stdout } = await run(tsc, ['-p', folder]).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  }, 120_000);

  it('has a page of a few lines, and is in the list', async () => {
    const list = await readFile('examples/README.md', 'utf8');
    const names = (await readdir('examples', { withFileTypes: true }))
      .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
      .map(({ name }) => name);
    expect(names).toHaveLength(7);
    for (const name of names) {
      expect(list).toContain(`(${name})`);
      expect((await readFile(join('examples', name, 'README.md'), 'utf8')).length).toBeGreaterThan(200);
    }
  });
});
