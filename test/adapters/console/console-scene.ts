import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../../src/adapters/emulator/index.js';
import { BUILT_IN_WORKFLOWS } from '../../../src/adapters/emulator/model/built-in-workflows.js';
import { launchChromium } from '../../support/launch-chromium.js';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** `GOAL_LANE_SCREENSHOTS=docs/images npx vitest run …` writes the pictures of docs/console.md. */
const pictures = process.env.GOAL_LANE_SCREENSHOTS;
export const takesPictures = pictures !== undefined;

/** The command as a user starts it, a browser, and an API: each a process of its own but for the last. */
export interface ConsoleScene {
  readonly browser: Browser;
  readonly emulator: Emulator;
  readonly folder: string;
  url(): string;
  /** Starts the command; resolves when it says where it listens. */
  serve(port: number): Promise<void>;
  kill(): Promise<void>;
  /** What the command has said since the beginning, on both of its streams. */
  said(): string;
  open(path: string, options?: Parameters<Browser['newPage']>[0], before?: () => void): Promise<Page>;
  /** What a page complained of: errors, what its policy forbade, and requests to other origins. */
  faultsOf(page: Page): readonly string[];
  choose(page: Page, ...names: string[]): Promise<void>;
  creates(): number;
  close(): Promise<void>;
}

/** Starts `goal-lane serve`, with a key or as a demo, and resolves with its process and its address. */
export async function startServe(
  common: readonly string[],
  own: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const args = ['dist/adapters/cli/main.js', ...common, 'serve', '--no-open', ...own];
  const child = spawn(process.execPath, args, { env });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (data) => resolve(String(data).trim()));
    child.once('exit', () => reject(new Error('the console ended')));
  });
  return { child, url };
}

const ended = (child: ChildProcess | undefined): Promise<void> =>
  new Promise((resolve) => {
    if (child === undefined || child.exitCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });

export async function openScene({ workflows = [], ...options }: EmulatorOptions): Promise<ConsoleScene> {
  const folder = await mkdtemp(join(tmpdir(), 'goal-lane-serve-'));
  const [browser, emulator] = await Promise.all([
    launchChromium(),
    startEmulator({ ...options, workflows: [...BUILT_IN_WORKFLOWS, ...workflows] }),
  ]);
  if (browser === undefined) throw new Error('there is no browser for this machine');
  for (const name of ['one.txt', 'two.txt']) await writeFile(join(folder, name), `the content of ${name}`);
  await writeFile(join(folder, 'photo.heic'), 'x');
  const faults = new WeakMap<Page, string[]>();
  let child: ChildProcess | undefined;
  let url = '';
  let said = '';
  const scene: ConsoleScene = {
    browser,
    emulator,
    folder,
    url: () => url,
    async serve(port) {
      const env = { ...process.env, CONVILYN_API_KEY: emulator.apiKey, CONVILYN_BASE_URL: emulator.baseUrl };
      const store = ['--store', join(folder, 'jobs.db')];
      const places = ['--port', String(port), '--out', join(folder, 'results')];
      ({ child, url } = await startServe(store, places, env));
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (said += String(data)));
    },
    said: () => said,
    kill: () => ended(child),
    async open(path, pageOptions = {}, before) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...pageOptions });
      page.setDefaultTimeout(20_000);
      if (before !== undefined) await page.addInitScript(before);
      const found: string[] = [];
      faults.set(page, found);
      page.on('pageerror', (error) => found.push(String(error)));
      page.on('request', (request) => {
        if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(url)) found.push(request.url());
      });
      page.on('console', (message) => {
        if (/Content Security|Trusted Type/i.test(message.text())) found.push(message.text());
      });
      await page.goto(new URL(path, url).href);
      await page.getByText('Connected', { exact: true }).waitFor();
      return page;
    },
    faultsOf: (page) => faults.get(page) ?? [],
    choose: (page, ...names) =>
      page.locator('input[type=file]').setInputFiles(names.map((name) => join(folder, name))),
    creates: () =>
      emulator.log.filter(({ method, path }) => method === 'POST' && path.endsWith('/jobs/goal')).length,
    async close() {
      await browser.close();
      await ended(child);
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await scene.serve(0);
  return scene;
}

/** Waits until the first sentence of a job's page says this; the same words stand in the line for screen readers, later. */
export const headline = (page: Page, words: string | RegExp) => page.locator('.headline').getByText(words);

/** What the rules of WCAG 2.2 AA find. */
export async function axe(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(axePath, 'utf8'));
  return page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
    // @ts-expect-error: what the line before has put there
    const { violations } = await window.axe.run({ runOnly: { type: 'tag', values: tags } });
    return violations.map(
      ({ id, nodes }: { id: string; nodes: { html: string }[] }) => `${id}: ${nodes[0]?.html}`,
    );
  });
}

/** The same in light and in dark. */
export async function axeInBoth(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    // Colours change with the next frames.
    await page.evaluate(() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go))));
    found.push(...(await axe(page)).map((finding) => `${colorScheme}: ${finding}`));
  }
  await page.emulateMedia({ colorScheme: null });
  return found;
}

/** Drops files on the page's own area for them, as by a mouse. */
export async function drop(page: Page, files: Readonly<Record<string, string>>): Promise<void> {
  const dropped = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const [name, text] of Object.entries(given)) transfer.items.add(new File([text], name));
    return transfer;
  }, files);
  for (const type of ['dragenter', 'dragover', 'drop'])
    await page.dispatchEvent('.drop', type, { dataTransfer: dropped });
}

export async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  await mkdir(pictures, { recursive: true });
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: !name.includes('360') });
}
