import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobRow } from '../../../src/adapters/console/wire/row.js';
import type { EmulatedWorkflow } from '../../../src/adapters/emulator/model/workflow.js';
import {
  axe,
  axeInBoth,
  type ConsoleScene,
  drop,
  headline,
  openScene,
  picture,
  takesPictures,
} from './console-scene.js';

/** What a hostile server and a hostile file may say. */
const EVIL =
  '<img src=x onerror="window.hacked=1"></script><script>window.hacked=1</script>\u202Ejavascript:';

const evil: EmulatedWorkflow = {
  specId: 'evil',
  name: `Evil ${EVIL}`,
  description: EVIL,
  supportedInputFormats: ['txt'],
  requiredSlots: [
    { slotId: 'evil_slot', type: 'text', label: EVIL, description: EVIL, required: true },
    { slotId: 'evil_choice', type: 'enum', label: EVIL, options: [EVIL, 'b'] },
  ],
  maxInputSizeBytes: 1_000_000,
  minFileCount: 1,
  execution: {
    durationMs: 1_000,
    steps: [EVIL],
    checkpoints: [
      {
        checkpointId: 'evil',
        at: 0.5,
        stepOutputPreview: EVIL,
        slots: [{ slotId: 'evil_answer', type: 'text', label: EVIL }],
      },
    ],
  },
};

const journey: EmulatedWorkflow = {
  specId: 'journey',
  name: 'Journey',
  description: 'Two files, two questions before it starts, two while it runs.',
  supportedInputFormats: ['txt'],
  requiredSlots: [
    { slotId: 'target_language', type: 'enum', options: ['de', 'fr'], label: 'Target language' },
    { slotId: 'max_words', type: 'number', required: false },
  ],
  maxInputSizeBytes: 1_000_000,
  minFileCount: 2,
  execution: {
    durationMs: 4_000,
    checkpoints: [
      { checkpointId: 'outline', at: 0.3, slots: [{ slotId: 'outline', type: 'text', label: 'Outline' }] },
      {
        checkpointId: 'draft',
        at: 0.7,
        stepOutputPreview: 'Draft: two pages.',
        slots: [
          { slotId: 'verdict', type: 'enum', options: ['accept', 'shorten'] },
          { slotId: 'remarks', type: 'text', required: false },
        ],
      },
    ],
  },
};

/** Long enough before its question to be killed while it works. */
const slow: EmulatedWorkflow = {
  ...journey,
  specId: 'slow',
  name: 'Slow',
  requiredSlots: [],
  minFileCount: 1,
  execution: {
    durationMs: 24_000,
    checkpoints: [{ checkpointId: 'titles', at: 0.9, slots: [{ slotId: 'confirmed_titles', type: 'text' }] }],
  },
};

let scene: ConsoleScene;
beforeAll(async () => {
  scene = await openScene({ speed: 4, workflows: [evil, journey, slow] });
}, 90_000);
afterAll(() => scene.close());

/** What the emulated API itself says of the result of a page's job. */
async function emulatedResult(page: Page) {
  const { emulator } = scene;
  const { job } = await ownCall<{ job: JobRow }>(page, '');
  const id = job.view.jobSpecId ?? '';
  const reply = await fetch(`${emulator.baseUrl}/jobs/goal/${id}/download`, {
    headers: { Authorization: `Bearer ${emulator.apiKey}` },
  });
  const { url }: { url: string } = JSON.parse(await reply.text());
  const content = Buffer.from(await (await fetch(url)).arrayBuffer());
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { id, sha256, signature: new URL(url).searchParams.get('X-Amz-Signature') ?? url };
}

/** A call of the page itself about its job. */
async function ownCall<Answer>(page: Page, path: string): Promise<Answer> {
  const text = await page.evaluate(async (below) => {
    const url = location.pathname.replace('/jobs/', '/api/jobs/');
    return (await fetch(url + below, { headers: { 'x-goal-lane': '1' } })).text();
  }, path);
  return JSON.parse(text);
}

/** The list with a job that needs the user, one that runs and one that is done. */
async function takePicturesOfList(): Promise<void> {
  if (!takesPictures) return;
  const page = await scene.open('run/slow');
  await scene.choose(page, 'two.txt');
  await page.locator('.upload.done').waitFor();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await headline(page, / %/).waitFor();
  await page.setViewportSize({ width: 1280, height: 420 });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto(scene.url());
    await page.locator('.row progress').waitFor();
    await picture(page, `list-${colorScheme}`);
  }
  await page.close();
}

/** The first event of the stream, whole. */
async function firstEvent(): Promise<string> {
  const stream = await fetch(new URL('api/events', scene.url()));
  let text = '';
  const decoder = new TextDecoder();
  for await (const part of stream.body ?? []) {
    text += decoder.decode(part, { stream: true });
    if (/^event: reset[\s\S]*\n\n/m.test(text)) break;
  }
  return text;
}

const historyOf = async (page: Page) =>
  (await ownCall<{ entries: { seq: number; about: { path?: string } }[] }>(page, '/history')).entries;

describe('the console in a real browser', () => {
  test('two files go to a ZIP; five presses make one job; what was typed outlives a reload', async () => {
    const before = scene.creates();
    const page = await scene.open('run/journey');
    const bodies: Promise<string>[] = [];
    page.on('response', (response) => {
      const type = response.headers()['content-type'] ?? '';
      if (!type.startsWith('text/event-stream')) bodies.push(response.text().catch(() => ''));
    });
    await drop(page, { 'one.txt': 'the first', 'two.txt': 'the second' });
    await page.locator('.upload.done').nth(1).waitFor();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByText('Target language is missing.').waitFor();
    await page.getByLabel('Max words').fill('120');
    await page.getByLabel('fr', { exact: true }).check();
    await page.getByText('Target language is missing.').waitFor({ state: 'detached' });
    await page.reload();
    await page.locator('.upload.done').nth(1).waitFor();
    expect(await page.getByLabel('Max words').inputValue()).toBe('120');
    expect(await page.getByLabel('fr', { exact: true }).isChecked()).toBe(true);
    await picture(page, 'run-light');
    await page.evaluate(() => {
      const start = [...document.querySelectorAll('button')].find(
        ({ textContent }) => textContent === 'Start',
      );
      for (let press = 0; press < 5; press += 1) start?.click();
    });
    await page.getByLabel('Outline').fill('typed, not sent');
    await page.reload();
    await page.getByText('The workflow asks you something').waitFor();
    expect(await page.getByLabel('Outline').inputValue()).toBe('typed, not sent');
    await page.getByRole('button', { name: 'Send the answer' }).click();
    await page.getByLabel('accept').check();
    await page.getByRole('button', { name: 'Send the answer' }).click();
    await page.getByRole('heading', { name: 'The result', exact: true }).waitFor({ timeout: 20_000 });
    expect(scene.creates() - before).toBe(1);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download' }).click(),
    ]);
    const content = await readFile(await download.path());
    const { id, sha256, signature } = await emulatedResult(page);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    await page.getByRole('tab', { name: 'Requests' }).click();
    await page
      .getByRole('row', { name: /POST .*confirm/ })
      .first()
      .waitFor();
    await page.getByRole('tab', { name: 'Files' }).click();
    await page.getByText('In the result').waitFor();
    await page.locator('.files').getByText('manifest.json').waitFor();
    const seen = [...(await Promise.all(bodies)), await page.content(), scene.said(), await firstEvent()];
    expect(seen.at(-1)).toContain(id);
    // Neither the address of the storage, nor what signs it, nor the key.
    for (const secret of [scene.emulator.storageUrl, signature, 'X-Amz', scene.emulator.apiKey])
      expect(seen.filter((text) => text.includes(secret)).length, secret).toBe(0);
    expect(scene.faultsOf(page)).toEqual([]);
    await page.close();
  });

  test('a file that does not fit is refused before a byte of it leaves', async () => {
    const page = await scene.open('run/goal_lane.translation');
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'PUT') sent.push(request.url());
    });
    await scene.choose(page, 'photo.heic');
    await page.getByText('photo.heic: not accepted. Use PDF, DOCX, TXT, MD.').waitFor();
    // As long as it says, and empty on the disk.
    const large = await open(join(scene.folder, 'large.pdf'), 'w');
    await large.truncate(10 * 1024 * 1024 + 1);
    await large.close();
    await scene.choose(page, 'large.pdf');
    await page.getByText(/large\.pdf: too large\. All files together may have 10 MB/).waitFor();
    await scene.choose(page, 'one.txt');
    await page.locator('.upload.done').waitFor();
    await page.getByRole('button', { name: 'Remove one.txt' }).click();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByText('Choose at least one file; there are 0.').waitFor();
    expect(sent).toHaveLength(1);
    await page.close();
  });

  test('a question is answered from another window; the chart shows the way; a killed server loses nothing', async () => {
    const before = scene.creates();
    const page = await scene.open('run/slow');
    await scene.choose(page, 'one.txt');
    await page.locator('.upload.done').waitFor();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.locator('.technical code', { hasText: /^executing/ }).waitFor();
    const port = Number(new URL(scene.url()).port);
    const restart = async (look = async (): Promise<void> => undefined): Promise<void> => {
      const shown = await historyOf(page);
      await scene.kill();
      await page.getByText(/Not connected to goal-lane/).waitFor();
      await look();
      await scene.serve(port);
      const back = performance.now();
      await page.getByText('Connected', { exact: true }).waitFor({ timeout: 10_000 });
      expect(performance.now() - back).toBeLessThan(5_000);
      const now = await historyOf(page);
      // Gap-free, what was shown is there, and no state is entered twice in a row.
      expect(now.map(({ seq }) => seq)).toEqual(now.map((_, index) => index + 1));
      expect(now.slice(0, shown.length)).toEqual(shown);
      const paths = now.flatMap(({ about }) => about.path ?? []);
      expect(paths.filter((path, index) => path === paths[index - 1])).toEqual([]);
    };
    await restart();
    await page.getByText('The workflow asks you something').waitFor();
    await page.getByLabel('Confirmed titles').fill('Data analyst');
    await restart(async () => {
      expect(await axeInBoth(page)).toEqual([]);
      for (const name of ['Send the answer', 'Stop watching'])
        expect(await page.getByRole('button', { name }).getAttribute('aria-disabled')).toBe('true');
    });
    await page.getByText('The workflow asks you something').waitFor();
    expect(await page.getByLabel('Confirmed titles').inputValue()).toBe('Data analyst');
    await page.getByRole('tab', { name: 'Chart' }).click();
    await expect
      .poll(() => page.locator('g.is-now > title').allTextContents())
      .toEqual([expect.stringMatching(/^slot_needed\.awaitingSlots: /)]);
    await page.locator('g.is-walked:not(.is-now)').first().waitFor();
    await picture(page, 'job-light');
    await takePicturesOfList();
    await page.emulateMedia({ forcedColors: 'active' });
    const look = (selector: string) =>
      page
        .locator(`${selector} > rect`)
        .first()
        .evaluate((box) => [getComputedStyle(box).fill, getComputedStyle(box).stroke].join(' '));
    const looks = await Promise.all(['g.is-now', 'g.is-walked:not(.is-now)'].map(look));
    expect(new Set(looks).size).toBe(2);
    await page.emulateMedia({ forcedColors: null });
    const other = await scene.open(new URL(page.url()).pathname);
    await other.getByLabel('Confirmed titles').fill('theirs');
    await other.getByRole('button', { name: 'Send the answer' }).click();
    await page.getByText(/This was answered in another window/).waitFor();
    expect(await page.locator('.facts').first().textContent()).toContain('theirs');
    expect(await page.locator('.facts').nth(1).textContent()).toContain('Data analyst');
    await page.getByRole('heading', { name: 'The result', exact: true }).waitFor({ timeout: 20_000 });
    expect(scene.creates() - before).toBe(takesPictures ? 2 : 1);
    const patches = scene.emulator.log.filter(
      ({ method, body }) => method === 'PATCH' && body.slotIds?.includes('confirmed_titles'),
    );
    expect(patches.map(({ status }) => status)).toEqual([200]);
    expect([scene.faultsOf(page), scene.faultsOf(other)]).toEqual([[], []]);
    await page.close();
    await other.close();
  });

  // Its job would come first in the pictures.
  const hostile = takesPictures ? test.skip : test;
  hostile('what a hostile server says is text, and nothing else', async () => {
    const page = await scene.open('run');
    await page.getByText('Evil').first().waitFor();
    await page.goto(new URL('run/evil', scene.url()).href);
    const name = '<img src=x onerror="window.hacked=1">.txt';
    await page
      .locator('input[type=file]')
      .setInputFiles([{ name, mimeType: 'text/plain', buffer: Buffer.from('x') }]);
    await page.locator('.upload.done').waitFor();
    await page.locator('.field input[type=text]').fill(EVIL);
    await page.locator('.field input[type=radio]').first().check();
    const said = `${EVIL} and more of it`;
    const errors = JSON.stringify({
      error: said,
      message: said,
      errors: [{ field: 'evil_slot', message: said }],
    });
    const body = { type: 'application/json', text: errors };
    scene.emulator.faults.add({ on: 'slots', fault: { kind: 'http-error', status: 422, body }, times: 1 });
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByText('Convilyn did not accept').waitFor();
    await page.getByText('and more of it').first().waitFor();
    await page.getByRole('button', { name: 'Send the answer' }).click();
    await page.locator('.preview').getByText('<script>').waitFor();
    const nothing = async (): Promise<void> => {
      expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
      expect(await page.locator('main img, main script, main iframe').count()).toBe(0);
      expect(scene.faultsOf(page)).toEqual([]);
    };
    await nothing();
    await page.locator('form input[type=text]').fill('x');
    await page.getByRole('button', { name: 'Send the answer' }).click();
    await page.getByRole('heading', { name: 'The result', exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Files' }).click();
    await page.locator('.files').nth(1).getByText('onerror').waitFor();
    await nothing();
    scene.emulator.faults.add({ on: 'create', fault: { kind: 'http-error', status: 400, body }, times: 1 });
    await page.getByRole('button', { name: 'Run again with the same settings' }).click();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await headline(page, /^It failed: /).waitFor();
    await nothing();
    expect(await axeInBoth(page)).toEqual([]);
    await page.goto(scene.url());
    await page.locator('.row').first().waitFor();
    await nothing();
    await page.close();
  });

  test.each(['light', 'dark'] as const)(
    'every page is accessible and fits from 320 px to 4K, %s',
    async (colorScheme) => {
      const page = await scene.open('', { colorScheme });
      const job = await page.locator('.row-name').first().getAttribute('href');
      for (const path of [
        '',
        'run',
        'run/goal_lane.translation',
        'limits',
        'settings',
        job?.slice(1) ?? '',
        // Errors: what is not there.
        'jobs/nothing',
        'run/nothing',
      ]) {
        await page.setViewportSize({ width: 1280, height: 900 });
        await page.goto(new URL(path, scene.url()).href);
        await page.getByText('Connected', { exact: true }).waitFor();
        await page.locator('h1').waitFor();
        expect(await axe(page), path).toEqual([]);
        // Colours change no width.
        for (const width of colorScheme === 'light' ? [320, 360, 3840] : [360]) {
          await page.setViewportSize({ width, height: 700 });
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          expect(overflow, `${path} at ${width}`).toBeLessThanOrEqual(0);
          if (width === 360 && path === job?.slice(1)) await picture(page, `job-360-${colorScheme}`);
        }
      }
      const refusal = { error: 'key-refused', message: 'a 401', advice: 'Check the key.', speaker: 'api' };
      await page.route('**/api/workflows', (route) =>
        colorScheme === 'light' ? route.abort() : route.fulfill({ status: 422, json: refusal }),
      );
      await page.goto(new URL('run', scene.url()).href);
      const why = colorScheme === 'light' ? /does not answer/ : 'Convilyn refuses the key. Check the key.';
      await page.locator('main').getByText(why).waitFor();
      await page.getByRole('button', { name: 'Try again' }).waitFor();
      expect(await axe(page)).toEqual([]);
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      expect(await axe(page)).toEqual([]);
      expect(scene.faultsOf(page)).toEqual([]);
      await page.close();
    },
  );

  test('ten tabs load, and share one stream; another leads when the leader goes', async () => {
    const context = await scene.browser.newContext();
    const streams: string[] = [];
    context.on('request', (request) => {
      if (request.url().endsWith('/api/events')) streams.push(request.url());
    });
    const tabs: Page[] = [];
    for (let index = 0; index < 10; index += 1) {
      const tab = await context.newPage();
      await tab.goto(scene.url());
      await tab.locator('.row-name').first().waitFor();
      tabs.push(tab);
    }
    await expect.poll(() => streams.length).toBe(1);
    await tabs[0]?.close();
    await expect.poll(() => streams.length).toBe(2);
    await context.close();
  });

  test('the keyboard alone opens pages, help and a job; the first paint is small and of one origin', async () => {
    const page = await scene.open('');
    await page.locator('.row-name').first().waitFor();
    const loaded = () =>
      page.evaluate(() =>
        [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(
          (entry) => ({
            origin: new URL(entry.name).origin,
            bytes:
              entry instanceof PerformanceResourceTiming && !/\/api\//.test(entry.name)
                ? entry.transferSize
                : 0,
          }),
        ),
      );
    // The page, its script and its style at least; the entries come after what they are about.
    await expect
      .poll(async () => (await loaded()).filter(({ bytes }) => bytes > 0).length)
      .toBeGreaterThanOrEqual(3);
    const sizes = await loaded();
    expect(new Set(sizes.map(({ origin }) => `${origin}/`))).toEqual(new Set([scene.url()]));
    expect(sizes.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(150_000);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: 'What happened' }).waitFor();
    await page.keyboard.press('2');
    await page.locator('svg.chart').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.getByRole('heading', { name: 'Limits' }).waitFor();
    await page.close();
  });
});
