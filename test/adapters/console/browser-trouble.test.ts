import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobRow } from '../../../src/adapters/console/wire/row.js';
import type { FaultRule } from '../../../src/adapters/emulator/index.js';
import type { EmulatedWorkflow } from '../../../src/adapters/emulator/model/workflow.js';
import { axeInBoth, type ConsoleScene, headline, openScene } from './console-scene.js';

const base = {
  description: '',
  supportedInputFormats: ['txt'],
  maxInputSizeBytes: 1_000_000,
  minFileCount: 1,
};
const picky: EmulatedWorkflow = {
  ...base,
  specId: 'picky',
  name: 'Picky',
  requiredSlots: [
    { slotId: 'code', type: 'text', label: 'Code', maxLength: 4 },
    { slotId: 'note', type: 'text', label: 'Note' },
  ],
  execution: { durationMs: 1_000 },
};
const plain: EmulatedWorkflow = {
  ...base,
  specId: 'plain',
  name: 'Plain',
  requiredSlots: [],
  execution: { durationMs: 1_000 },
};
const long: EmulatedWorkflow = { ...plain, specId: 'long', name: 'Long', execution: { durationMs: 900_000 } };

let scene: ConsoleScene;
beforeAll(async () => {
  scene = await openScene({ speed: 20, workflows: [picky, plain, long] });
}, 90_000);
afterAll(() => scene.close());

const disturb = (rule: FaultRule) => scene.emulator.faults.add(rule);

/** A file of the form, and Start. */
async function start(page: Page): Promise<void> {
  await scene.choose(page, 'one.txt');
  await page.locator('.upload.done').waitFor();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
}

const result = (page: Page) => page.getByRole('heading', { name: 'The result', exact: true }).waitFor();
const rowOf = (page: Page): Promise<JobRow> =>
  page.evaluate(async () => {
    const answer = await fetch(location.pathname.replace('/jobs/', '/api/jobs/'), {
      headers: { 'x-goal-lane': '1' },
    });
    return (await answer.json()).job;
  });

describe('a file on its way', () => {
  const spooled = (): Promise<string[]> => readdir(join(scene.folder, 'uploads'));
  const filled = (bar: Locator): Promise<number> => bar.getAttribute('value').then(Number);
  const large = async (name: string, megabytes: number): Promise<void> => {
    const file = await open(join(scene.folder, name), 'w');
    await file.truncate(megabytes * 1024 * 1024);
    await file.close();
  };

  test('is taken back half way: its bar goes, nothing of it stays, and its neighbour arrives', async () => {
    await large('large.bin', 300);
    const page = await scene.open('run/goal_lane.media_archive');
    const bar = page.getByRole('progressbar', { name: /^large\.bin/ });
    for (const names of [['large.bin'], ['large.bin', 'one.txt']]) {
      await scene.choose(page, ...names);
      await expect
        .poll(() => filled(bar), { interval: 10, timeout: 10_000 })
        .toBeGreaterThan(60 * 1024 * 1024);
      await page.getByRole('button', { name: 'Remove large.bin' }).click();
      await bar.waitFor({ state: 'detached' });
      if (names.length > 1) await page.locator('.upload.done').waitFor();
      await expect.poll(async () => (await spooled()).length, { timeout: 1_000 }).toBe(names.length - 1);
      expect(scene.emulator.log.filter(({ path }) => path.endsWith('/upload'))).toEqual([]);
    }
    await page.getByRole('button', { name: 'Remove one.txt' }).click();
    await expect.poll(spooled).toEqual([]);
    await page.close();
  });

  test('is one bar for both legs of its way, which never goes back', async () => {
    await large('long.bin', 80);
    const page = await scene.open('run/goal_lane.media_archive', {}, () => {
      const seen: number[] = [];
      Object.assign(window, { seen });
      const look = (): void => {
        const bar = document.querySelector<HTMLProgressElement>('progress[aria-label^="long.bin"]');
        const value = bar === null ? undefined : bar.value / bar.max;
        if (value !== undefined && seen.at(-1) !== value) seen.push(value);
        requestAnimationFrame(look);
      };
      look();
    });
    await scene.choose(page, 'long.bin');
    await page.locator('.upload.done').waitFor();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.waitForURL(/\/jobs\//);
    // Its number: it is created.
    await page.locator('.technical code').nth(1).waitFor();
    const told: unknown = await page.evaluate(() => Reflect.get(window, 'seen'));
    // What the script before the page has put there.
    const seen = told as number[];
    expect(seen.some((value) => value > 0 && value < 0.5)).toBe(true);
    expect(seen.some((value) => value > 0.5)).toBe(true);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    await page.close();
  });
});

describe('an answer', () => {
  test('that is not accepted says so beside its field and keeps the others; the second try passes', async () => {
    const page = await scene.open('run/picky');
    await page.getByLabel('Code').fill('too long');
    await page.getByLabel('Note').fill('stays');
    await start(page);
    await page.getByText('Convilyn did not accept 1 of 2 answers.').waitFor();
    const code = page.getByLabel('Code');
    await page.getByText('must have at most 4 characters').waitFor();
    expect(await code.getAttribute('aria-invalid')).toBe('true');
    await expect.poll(() => code.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await page.getByLabel('Note').inputValue()).toBe('stays');
    expect(await axeInBoth(page)).toEqual([]);
    await code.fill('1234');
    await page.getByRole('button', { name: 'Send the answer' }).click();
    await result(page);
    expect(scene.faultsOf(page)).toEqual([]);
    await page.close();
  });

  test('meets a newer version: the requests show the versions sent and received, and the job continues', async () => {
    const page = await scene.open('run/goal_lane.resume_tailor');
    await start(page);
    await page.getByLabel('Confirmed titles').fill('Engineer');
    disturb({ on: 'slots', fault: { kind: 'version-conflict' }, times: 1 });
    await page.getByRole('button', { name: 'Send the answer' }).click();
    await result(page);
    await page.getByRole('tab', { name: 'Requests' }).click();
    const refused = page.getByRole('row', { name: /PATCH .* 409 / });
    const sent = async (row: typeof refused) =>
      Number((await row.getByRole('cell').nth(4).textContent())?.split(' ')[0]);
    const again = page.getByRole('row', { name: /PATCH .* 200 / });
    expect(await sent(again)).toBeGreaterThan(await sent(refused));
    await page.close();
  });
});

test('where somebody else gave another answer both stand side by side, and the chosen one is sent', async () => {
  const page = await scene.open('run/goal_lane.resume_tailor');
  await start(page);
  await page.getByLabel('Confirmed titles').fill('my titles');
  disturb({
    on: 'slots',
    fault: { kind: 'second-actor', does: 'sets-slots', values: { confirmed_titles: 'their titles' } },
    times: 1,
  });
  await page.getByRole('button', { name: 'Send the answer' }).click();
  await page.getByText('Somebody else has sent a different answer meanwhile.').waitFor();
  const sides = await page.locator('.conflict .side').allTextContents();
  expect(sides).toEqual([expect.stringContaining('my titles'), expect.stringContaining('their titles')]);
  expect(await axeInBoth(page)).toEqual([]);
  await page.getByRole('button', { name: 'Use theirs' }).click();
  await result(page);
  // The emulated result says what it was made of.
  const made = await page.evaluate(async () => {
    const url = location.pathname.replace('/jobs/', '/api/jobs/');
    return (await fetch(`${url}/result`, { headers: { 'x-goal-lane': '1' } })).text();
  });
  expect([made.includes('their titles'), made.includes('my titles')]).toEqual([true, false]);
  await page.close();
});

describe('when it is unknown whether the job was started', () => {
  async function lost(): Promise<Page> {
    disturb({ on: 'create', fault: { kind: 'reset', when: 'after' }, times: 1 });
    const page = await scene.open('run/plain');
    await start(page);
    await page.getByText('Was it started, or not?').waitFor();
    return page;
  }

  test('three ways are offered and none is taken; leaving it sends nothing', async () => {
    const before = scene.creates();
    const page = await lost();
    for (const name of ['Follow it', 'Start again', 'Leave it'])
      await page.getByRole('button', { name }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('BUTTON');
    // Nothing says that nothing was started.
    expect(await page.getByRole('button', { name: 'Cancel the job' }).count()).toBe(0);
    expect(await axeInBoth(page)).toEqual([]);
    await page.getByRole('button', { name: 'Leave it' }).click();
    await headline(page, 'Left open: Convilyn may have started it or not.').waitFor();
    expect(scene.creates() - before).toBe(1);
    await page.close();
  });

  test('it is started again on a press, and only then', async () => {
    const before = scene.creates();
    const page = await lost();
    expect(scene.creates() - before).toBe(1);
    await page.getByRole('button', { name: 'Start again' }).click();
    await result(page);
    expect(scene.creates() - before).toBe(2);
    await page.close();
  });

  test('the one that is there is followed by its number', async () => {
    const before = scene.creates();
    const page = await lost();
    const made = scene.emulator.log.flatMap(({ effect }) => (effect?.type === 'created' ? [effect] : []));
    await page.getByLabel('Number of the job').fill(String(made.at(-1)?.jobSpecId));
    await page.getByRole('button', { name: 'Follow it' }).click();
    // It was not confirmed.
    await result(page);
    expect(scene.creates() - before).toBe(1);
    await page.close();
  });
});

test('names of any length and direction fit, and what is pressed is large enough', async () => {
  const names = [`${'x'.repeat(296)}.txt`, 'שלום עולם.txt', '👩‍🚀🎉.txt'];
  const page = await scene.open('run/plain', { viewport: { width: 320, height: 640 } });
  await page
    .locator('input[type=file]')
    .setInputFiles(names.map((name) => ({ name, mimeType: 'text/plain', buffer: Buffer.from('hello') })));
  await page.locator('.upload.done').nth(2).waitFor();
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  const tooSmall = () =>
    page.evaluate(() =>
      [
        ...document.querySelectorAll(
          'button, .button, summary, .check, .choices label, input[type=text], .row-name',
        ),
      ]
        .map((element) => [element.className || element.tagName, element.getBoundingClientRect()] as const)
        .filter(([, { width, height }]) => width > 0 && (height < 24 || width < 18))
        .map(([name]) => name),
    );
  const primary = () =>
    page.getByRole('button', { name: 'Start', exact: true }).evaluate((button) => button.clientHeight);
  expect([await fits(), await tooSmall()]).toEqual([true, []]);
  expect(await primary()).toBeGreaterThanOrEqual(42);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await result(page);
  expect([await fits(), await tooSmall()]).toEqual([true, []]);
  await page.goto(scene.url());
  await page.locator('.row').first().waitFor();
  expect([await fits(), await tooSmall()]).toEqual([true, []]);
  await page.close();
});

test('each change of state is announced in time, and notifications are only requested on demand', async () => {
  const page = await scene.open('run/picky', {}, () => {
    const noted: { text: string; at: number }[] = [];
    Object.assign(window, { noted, asked: 0 });
    Notification.requestPermission = async () => {
      Object.assign(window, { asked: 1 });
      return 'denied';
    };
    document.addEventListener('DOMContentLoaded', () =>
      new MutationObserver(() => {
        const text = document.querySelector('p[role=status]')?.textContent ?? '';
        if (text !== '' && noted.at(-1)?.text !== text) noted.push({ text, at: performance.now() });
      }).observe(document.body, { childList: true, subtree: true, characterData: true }),
    );
  });
  // The pause between two sentences is not waited for: the page's clock is put forward.
  await page.clock.install();
  await page.getByLabel('Code').fill('12345');
  await page.getByLabel('Note').fill('x');
  await start(page);
  await page.getByText('Convilyn did not accept 1 of 2 answers.').waitFor();
  await expect.poll(() => page.title()).toMatch(/^\(1\) /);
  await page.clock.fastForward(5_000);
  await expect.poll(() => page.locator('p[role=status]').textContent()).toContain('Waiting for you');
  const told: unknown = await page.evaluate(() => Reflect.get(window, 'noted'));
  // What the script before the page has put there.
  const noted = told as { text: string; at: number }[];
  const pauses = noted.slice(1).map(({ at }, index) => at - (noted[index]?.at ?? 0));
  expect(noted.length).toBeGreaterThan(0);
  expect(pauses.every((pause) => pause > 4_500)).toBe(true);
  expect(await page.evaluate(() => Reflect.get(window, 'asked'))).toBe(0);
  await page.getByRole('button', { name: 'Notify me' }).click();
  await expect.poll(() => page.evaluate(() => Reflect.get(window, 'asked'))).toBe(1);
  await page.getByRole('button', { name: 'Stop watching' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop watching' }).click();
  await headline(page, /No longer watched/).waitFor();
  await page.close();
});

// The last one: the limit is shut for all jobs of the key.
test('a closed limit is shown with its time, counted down by the clock of the server', async () => {
  const wrong = -7 * 60_000;
  const page = await scene.open('run/long', {}, () => {
    const now = Date.now;
    Date.now = () => now() - 7 * 60_000;
  });
  disturb({ on: 'status', fault: { kind: 'rate-limited', resetInMs: 9_000 }, times: 1 });
  await start(page);
  await headline(page, /Convilyn asks us to slow down\. Continues at \d\d:\d\d:\d\d\./).waitFor();
  const reads = () => scene.emulator.log.filter(({ path }) => path.endsWith('/status')).length;
  const before = reads();
  const { view } = await rowOf(page);
  const left = async () => Number.parseInt((await page.locator('.countdown').textContent()) ?? '', 10);
  const off = async () => Math.abs((await left()) - ((view.wait?.until ?? 0) - Date.now()) / 1_000);
  expect((await page.evaluate(() => Date.now())) - Date.now()).toBeLessThan(wrong + 60_000);
  await expect.poll(off).toBeLessThan(2);
  await page.reload();
  await expect.poll(off).toBeLessThan(2);
  await expect.poll(reads, { timeout: 20_000 }).toBeGreaterThan(before);
  const next = scene.emulator.log.filter(({ path }) => path.endsWith('/status'))[before];
  expect(next?.at).toBeGreaterThanOrEqual(view.wait?.until ?? Number.POSITIVE_INFINITY);
  await headline(page, /Convilyn asks us to slow down/).waitFor({ state: 'detached' });
  await page.close();
});
