import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../../src/adapters/emulator/index.js';
import { createSocketInspector, type SocketInspector } from '../../../src/adapters/inspector/node.js';
import { runGoalJob } from '../../../src/adapters/node/index.js';
import { virtualTime } from '../../support/fast-clock.js';
import { launchChromium } from '../../support/launch-chromium.js';

const clock = virtualTime();
let browser: Browser | undefined;
let emulator: Emulator;
let folder = '';
let inspector: SocketInspector;

beforeAll(async () => {
  [browser, emulator, folder] = await Promise.all([
    launchChromium(),
    startEmulator({ clock }),
    mkdtemp(join(tmpdir(), 'goal-lane-page-')),
  ]);
  await writeFile(join(folder, 'cv.txt'), 'a curriculum vitae');
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await emulator.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  inspector = await createSocketInspector();
  return () => inspector.close();
});

const start = (answers: Record<string, string>) =>
  runGoalJob({
    apiKey: emulator.apiKey,
    baseUrl: emulator.baseUrl,
    workflowId: 'goal_lane.resume_tailor',
    files: [join(folder, 'cv.txt')],
    answers,
    outDir: folder,
    clock,
    inspect: inspector.inspect,
  });

async function open(testSkip: () => never, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
  if (browser === undefined) return testSkip();
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  await page.goto(inspector.url);
  return page;
}

/** The paths of the boxes with a class, as their titles name them. */
const boxes = (page: Page, className: string): Promise<string[]> =>
  page.$$eval(`section:first-of-type g.${className}`, (found) =>
    found.flatMap((box) => /^([\w.]+): /.exec(box.querySelector('title')?.textContent ?? '')?.[1] ?? []),
  );

describe('the page of the inspector draws the job on the chart', () => {
  test('lights the state, marks the path, and names guard and actions on the arrow last taken', async ({
    skip,
  }) => {
    const page = await open(skip);
    const job = start({});
    await page.getByText('slot_needed.awaitingSlots', { exact: true }).waitFor();
    expect(await boxes(page, 'is-now')).toEqual(['slot_needed.awaitingSlots']);
    const walked = await boxes(page, 'is-walked');
    for (const path of [
      'preparing.uploading',
      'preparing.creating',
      'confirming.sending',
      'executing.reading',
    ])
      expect(walked).toContain(path);
    for (const path of ['preparing.outcomeUnknown', 'downloading.saving', 'failed', 'executing.rateLimited'])
      expect(walked).not.toContain(path);
    expect(await page.locator('g.is-last > title').allTextContents()).toEqual([
      'slot_needed.deciding → slot_needed.awaitingSlots',
    ]);
    expect(await page.locator('.callout-guard').allTextContents()).toEqual(['if needsPerson']);
    job.send({ type: 'DETACH' });
    await page.locator('.where .state', { hasText: 'detached' }).waitFor();
    expect(await page.locator('.callout-action').allTextContents()).not.toEqual([]);
    await page.close();
  });

  test('shows the allow-listed content of a message on a click, and no secret', async ({ skip }) => {
    const page = await open(skip);
    const job = start({});
    await page.locator('.where .state', { hasText: 'awaitingSlots' }).waitFor();
    job.submitSlots({ confirmed_titles: 'PLANTED-answer' });
    await job.result();
    await page.locator('.where .state', { hasText: 'completed' }).waitFor();
    await page.locator('summary', { hasText: 'SUBMIT_SLOTS' }).first().click();
    const content = page.locator('details[open] pre');
    await expect.poll(() => content.textContent()).toContain('"confirmed_titles"');
    expect(await page.content()).not.toContain('PLANTED');
    await page.close();
  });

  test('shows several jobs side by side; paused, it stands still and steps back', async ({ skip }) => {
    const page = await open(skip);
    const first = start({});
    await page.locator('.where .state', { hasText: 'awaitingSlots' }).waitFor();
    await page.click('#pause');
    const heldAt = await page.locator('#where').textContent();
    await start({ confirmed_titles: 'x' }).result();
    await page.locator('section').nth(1).waitFor();
    expect(await page.locator('section .where .state').allTextContents()).toEqual([
      'slot_needed.awaitingSlots',
      'not started yet',
    ]);
    expect(heldAt).toMatch(/^Paused at message (\d+) of \1$/);
    await page.click('#back');
    await page.locator('.where .state', { hasText: 'executing.reading' }).waitFor();
    await page.locator('#step').press('Home');
    await page.locator('.where .state', { hasText: 'preparing.inspecting' }).waitFor();
    expect(await boxes(page, 'is-walked')).toEqual(['preparing', 'preparing.inspecting']);
    await page.click('#pause');
    await page.locator('section .where .state', { hasText: 'completed' }).waitFor();
    const [left, right] = await Promise.all(
      [0, 1].map((index) => page.locator('section').nth(index).boundingBox()),
    );
    expect(left?.y).toBe(right?.y);
    first.send({ type: 'DETACH' });
    await page.close();
  });

  test.each(['light', 'dark'] as const)(
    'is readable at 360 px, %s, and sends no request',
    async (colorScheme) => {
      if (browser === undefined) return;
      const page = await browser.newPage({ viewport: { width: 360, height: 640 }, colorScheme });
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).origin));
      await page.goto(inspector.url);
      start({}).send({ type: 'DETACH' });
      await page.locator('.where .state', { hasText: 'detached' }).waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      expect([...new Set(asked)]).toEqual([new URL(inspector.url).origin]);
      const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(paper).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(13, 20, 32)');
      await page.close();
    },
  );

  test('is no larger than 60 kB', async () => {
    const files = await Promise.all(
      ['main.js', 'page.css'].map((name) => stat(`dist/pages/inspector/${name}`)),
    );
    expect(files.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(58_000);
  });
});
